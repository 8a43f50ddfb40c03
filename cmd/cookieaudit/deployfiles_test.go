package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/urfave/cli/v3"
	"go.yaml.in/yaml/v3"

	"cookieaudit/cmd/cookieaudit/internal/config"
)

// A composeFile is what our files use of the Compose specification; a key that is
// not here is a mistake in one of them, or is added here.
type composeFile struct {
	Name     string                    `yaml:"name"`
	Common   any                       `yaml:"x-cookieaudit"`
	Services map[string]composeService `yaml:"services"`
	Volumes  map[string]any            `yaml:"volumes"`
}

type composeService struct {
	Build struct {
		Context string `yaml:"context"`
	} `yaml:"build"`
	Image           string                  `yaml:"image"`
	Command         []string                `yaml:"command"`
	Restart         string                  `yaml:"restart"`
	StopGracePeriod time.Duration           `yaml:"stop_grace_period"`
	EnvFile         []composeEnvFile        `yaml:"env_file"`
	Environment     map[string]string       `yaml:"environment"`
	DependsOn       map[string]composeAfter `yaml:"depends_on"`
	Ports           []string                `yaml:"ports"`
	Volumes         []string                `yaml:"volumes"`
	SecurityOpt     []string                `yaml:"security_opt"`
	CapDrop         []string                `yaml:"cap_drop"`
	ReadOnly        bool                    `yaml:"read_only"`
	Tmpfs           []string                `yaml:"tmpfs"`
	ShmSize         string                  `yaml:"shm_size"`
	Healthcheck     composeHealth           `yaml:"healthcheck"`
}

type composeEnvFile struct {
	Path     string `yaml:"path"`
	Required bool   `yaml:"required"`
}

type composeAfter struct {
	Condition string `yaml:"condition"`
}

type composeHealth struct {
	Test        []string      `yaml:"test"`
	Interval    time.Duration `yaml:"interval"`
	Timeout     time.Duration `yaml:"timeout"`
	StartPeriod time.Duration `yaml:"start_period"`
	Retries     int           `yaml:"retries"`
}

// parsed reads a command line as the program does, without running it.
func parsed(t *testing.T, args []string) *cli.Command {
	t.Helper()
	app := newApp(strings.NewReader(""), io.Discard, io.Discard)
	var got *cli.Command
	var keep func([]*cli.Command)
	keep = func(all []*cli.Command) {
		for _, c := range all {
			c.Action = func(_ context.Context, c *cli.Command) error {
				got = c
				return nil
			}
			keep(c.Commands)
		}
	}
	keep(app.Commands)
	if err := app.Run(t.Context(), append([]string{"cookieaudit"}, args...)); err != nil || got == nil {
		t.Fatalf("cookieaudit %s: %v", strings.Join(args, " "), err)
	}
	return got
}

// What the compose files say is what the program, the image and each other have.
func TestComposeFiles(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"compose.yaml", "compose.fleet.yaml"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := must(os.ReadFile(filepath.Join("../../.deploy", name)))(t)
			var f composeFile
			decoder := yaml.NewDecoder(bytes.NewReader(text))
			decoder.KnownFields(true)
			if err := decoder.Decode(&f); err != nil {
				t.Fatal(err)
			}
			for service, s := range f.Services {
				if s.Image == "cookieaudit" {
					checkService(t, f, service, s)
				}
			}
			for volume := range f.Volumes {
				if !strings.Contains(string(text), "- "+volume+":") {
					t.Errorf("nobody uses the volume %s", volume)
				}
			}
			for _, line := range regexp.MustCompile(`(?m)^#   docker .* (?:cookieaudit|serve) ((?:config|user) .*)$`).FindAllStringSubmatch(string(text), -1) {
				args, _, _ := strings.Cut(line[1], " > ")
				parsed(t, strings.Fields(args))
			}
		})
	}
}

func checkService(t *testing.T, f composeFile, name string, s composeService) {
	t.Helper()
	cmd := parsed(t, s.Command)
	mounts := map[string]bool{"/tmp": true}
	for _, v := range s.Volumes {
		from, to, _ := strings.Cut(v, ":")
		to, _, _ = strings.Cut(to, ":")
		mounts[to] = true
		if _, ok := f.Volumes[from]; !ok && !strings.HasPrefix(from, "../") {
			t.Errorf("%s: there is no volume %s", name, from)
		}
	}
	if file := cmd.String("config"); file != "" && !mounts[file] {
		t.Errorf("%s: nothing is mounted at %s", name, file)
	}
	if db := cmd.String("db"); strings.HasPrefix(db, "postgres://") {
		u := must(url.Parse(db))(t)
		server := f.Services[u.Host]
		if server.Environment["POSTGRES_USER"] != u.User.Username() || "/"+server.Environment["POSTGRES_DB"] != u.Path || s.Environment["PGPASSWORD"] != server.Environment["POSTGRES_PASSWORD"] {
			t.Errorf("%s: %s is not the database of the service %s", name, db, u.Host)
		}
	} else if !mounts[path.Dir(db)] {
		t.Errorf("%s: %s is not in a volume", name, db)
	}
	_, port, err := net.SplitHostPort(cmd.String("listen"))
	if err != nil {
		t.Errorf("%s: --listen: %v", name, err)
	}
	for _, p := range s.Ports {
		if !strings.HasPrefix(p, "127.0.0.1:") || !strings.HasSuffix(p, ":"+port) {
			t.Errorf("%s: the port %s: want %s, on loopback alone", name, p, port)
		}
	}
	if test := strings.Join(s.Healthcheck.Test, " "); !strings.Contains(test, "/dev/tcp/127.0.0.1/"+port+" ") || !strings.Contains(test, "GET /readyz ") {
		t.Errorf("%s: the health check %s", name, test)
	}
	for after := range s.DependsOn {
		if _, ok := f.Services[after]; !ok {
			t.Errorf("%s: there is no service %s", name, after)
		}
	}
	if s.StopGracePeriod <= config.DefaultDrain || !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
		t.Errorf("%s: %+v", name, s)
	}
}

// The unit says what the program has, and systemd reads it.
func TestSystemdUnit(t *testing.T) {
	t.Parallel()
	const program = "/usr/local/bin/cookieaudit"
	text := string(must(os.ReadFile("../../.deploy/cookieaudit.service"))(t))
	values := map[string]string{}
	for line := range strings.Lines(text) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(line, "#") {
			values[key] = value
		}
	}
	for _, key := range []string{"ExecStartPre", "ExecStart"} {
		args, ok := strings.CutPrefix(values[key], program+" ")
		if !ok {
			t.Fatalf("%s=%s", key, values[key])
		}
		parsed(t, strings.Fields(args))
	}
	if d := must(time.ParseDuration(values["TimeoutStopSec"]))(t); d <= config.DefaultDrain {
		t.Errorf("it is killed after %s", d)
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("needs systemd-analyze")
	}
	unit := filepath.Join(t.TempDir(), "cookieaudit.service")
	if err := os.WriteFile(unit, []byte(strings.ReplaceAll(text, program, os.Args[0])), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), analyze, "verify", "--man=no", "--recursive-errors=no", unit).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
