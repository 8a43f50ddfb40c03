package browser

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	profilePrefix = "cookieaudit-profile-"
	lockName      = "cookieaudit.lock"
)

// A profile is the user data folder of one browser process. The lock tells a
// later run whether its owner is still alive.
type profile struct {
	dir  string
	lock *os.File
}

// newProfile makes a profile folder and the preferences without which Debian's
// Chromium refuses third-party cookies in every context.
func newProfile() (*profile, error) {
	sweepProfiles()
	dir, err := os.MkdirTemp("", profilePrefix)
	if err != nil {
		return nil, fmt.Errorf("make a profile folder: %w", err)
	}
	p := &profile{dir: dir}
	if p.lock, err = lockProfile(dir); err != nil {
		return nil, errors.Join(err, p.remove())
	}
	prefs := filepath.Join(dir, "Default")
	if err := os.Mkdir(prefs, 0o700); err != nil {
		return nil, errors.Join(fmt.Errorf("make the profile: %w", err), p.remove())
	}
	// cookie_controls_mode 0 is "allow all": measured as the only switch that
	// lifts blockedReasons UserPreferences in Debian's build.
	const body = `{"profile":{"cookie_controls_mode":0}}`
	if err := os.WriteFile(filepath.Join(prefs, "Preferences"), []byte(body), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("write the profile's preferences: %w", err), p.remove())
	}
	return p, nil
}

func lockProfile(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the profile: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the profile %s: %w", dir, err), f.Close())
	}
	return f, nil
}

// remove deletes the folder. A browser that has just exited may still have a
// helper process that writes, so it tries for a second.
func (p *profile) remove() error {
	if p.lock != nil {
		defer p.lock.Close()
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var err error
	for range 50 {
		if err = os.RemoveAll(p.dir); err == nil {
			return nil
		}
		<-tick.C
	}
	return fmt.Errorf("remove the profile folder: %w", err)
}

// sweepProfiles removes profile folders whose owner was killed before it could.
// A folder whose lock is held belongs to a living scan.
func sweepProfiles() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), profilePrefix+"*"))
	for _, dir := range dirs {
		// A folder without a lock file is being made just now.
		if _, err := os.Stat(filepath.Join(dir, lockName)); err != nil {
			continue
		}
		lock, err := lockProfile(dir)
		if err != nil {
			continue
		}
		_ = os.RemoveAll(dir) // another user's folder stays
		_ = lock.Close()
	}
}
