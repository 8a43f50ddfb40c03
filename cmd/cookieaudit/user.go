package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/term"

	"cookieaudit/cmd/cookieaudit/internal/account"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/report"
)

func userCommand() *cli.Command {
	role := func(usage string) cli.Flag {
		return &cli.StringFlag{Name: "role", Value: string(account.Viewer), Usage: usage}
	}
	password := &cli.StringFlag{Name: "password", Usage: "read the password from `env:NAME`, @FILE or - (stdin) instead of asking for it"}
	sub := func(c *cli.Command) *cli.Command {
		c.OnUsageError = usageProblem
		c.HideHelpCommand = true
		c.Flags = append(c.Flags, dbFlag())
		return c
	}
	return &cli.Command{
		Name: "user", Usage: "manage who may use the dashboard and the API",
		Description: "Roles: a viewer reads, an operator starts and stops scans and accepts findings, an admin\n" +
			"manages users. The first admin is made here; others can be made in the dashboard.",
		Commands: []*cli.Command{
			sub(&cli.Command{
				Name: "add", Usage: "add a user", ArgsUsage: "NAME", Action: runUserAdd,
				Flags: []cli.Flag{role("`ROLE`: viewer, operator, admin"), password},
			}),
			sub(&cli.Command{Name: "list", Usage: "list the users", Flags: []cli.Flag{listFormatFlag()}, Action: runUserList}),
			sub(&cli.Command{Name: "remove", Usage: "remove a user, the sessions and the tokens", ArgsUsage: "NAME", Action: runUserRemove}),
			sub(&cli.Command{
				Name: "password", Usage: "set a user's password, which ends the user's sessions", ArgsUsage: "NAME", Action: runUserPassword,
				Flags: []cli.Flag{password},
			}),
			sub(&cli.Command{
				Name: "token", Usage: "make a token for the API and print it, this once", ArgsUsage: "NAME", Action: runUserToken,
				Flags: []cli.Flag{
					role("what the token may do at most, `ROLE`: viewer, operator, admin"),
					&cli.StringFlag{Name: "for", Value: "command line", Usage: "`TEXT` that says what it is for"},
					&cli.IntFlag{Name: "days", Value: 365, Usage: "how many days it holds"},
				},
			}),
		},
	}
}

// withUser opens the database, which may be a new one, for a command about the
// user of its argument.
func withUser(ctx context.Context, cmd *cli.Command, do func(db *store.Store, name string) error) (err error) {
	name := cmd.Args().First()
	switch {
	case name == "":
		return usagef(cmd, "a name is missing: cookieaudit user %s NAME", cmd.Name)
	case cmd.Args().Len() > 1:
		return atMost(cmd, 1)
	}
	db, err := store.Open(ctx, cmd.String("db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = do(db, name)
	if errors.Is(err, account.ErrNotFound) {
		return fmt.Errorf("there is no user %q; cookieaudit user list lists them", name)
	}
	return err
}

func runUserAdd(ctx context.Context, cmd *cli.Command) error {
	role, err := account.ParseRole(cmd.String("role"))
	if err != nil {
		return usagef(cmd, "--role: %w", err)
	}
	return withUser(ctx, cmd, func(db *store.Store, name string) error {
		if err := account.CheckName(name); err != nil {
			return usagef(cmd, "%w", err)
		}
		hash, err := askedHash(ctx, cmd, name)
		if err != nil {
			return err
		}
		now := time.Now().UTC()
		if err := db.AddUser(ctx, account.User{Name: name, Role: role, Hash: hash, Created: now, Changed: now}); err != nil {
			return fmt.Errorf("add user %s: %w", name, err)
		}
		fmt.Fprintf(cmd.Root().Writer, "Added %s, role %s.\n", name, role)
		return nil
	})
}

func runUserPassword(ctx context.Context, cmd *cli.Command) error {
	return withUser(ctx, cmd, func(db *store.Store, name string) error {
		u, err := db.User(ctx, name)
		if err != nil {
			return err
		}
		if u.Hash, err = askedHash(ctx, cmd, name); err != nil {
			return err
		}
		u.Changed = time.Now().UTC()
		if err := db.ChangeUser(ctx, u); err != nil {
			return err
		}
		fmt.Fprintf(cmd.Root().Writer, "The password of %s is set; all sessions of %s have ended.\n", name, name)
		return nil
	})
}

func runUserRemove(ctx context.Context, cmd *cli.Command) error {
	return withUser(ctx, cmd, func(db *store.Store, name string) error {
		if err := db.RemoveUser(ctx, name); err != nil {
			return err
		}
		fmt.Fprintf(cmd.Root().Writer, "Removed %s.\n", name)
		return nil
	})
}

func runUserToken(ctx context.Context, cmd *cli.Command) error {
	role, err := account.ParseRole(cmd.String("role"))
	if err != nil {
		return usagef(cmd, "--role: %w", err)
	}
	days := cmd.Int("days")
	if days < 1 || days > 3650 {
		return usagef(cmd, "--days %d: from 1 to 3650", days)
	}
	return withUser(ctx, cmd, func(db *store.Store, name string) error {
		u, err := db.User(ctx, name)
		if err != nil {
			return err
		}
		if !u.Role.Allows(role) {
			return usagef(cmd, "--role %s: %s has the role %s, which may do less", role, name, u.Role)
		}
		t, secret, err := account.MakeToken(name, cmd.String("for"), role, time.Now().UTC(), time.Duration(days)*24*time.Hour)
		if err != nil {
			return err
		}
		if err := db.AddToken(ctx, t); err != nil {
			return err
		}
		fmt.Fprintln(cmd.Root().Writer, secret)
		return nil
	})
}

func runUserList(ctx context.Context, cmd *cli.Command) (err error) {
	if err := atMost(cmd, 0); err != nil {
		return err
	}
	format := cmd.String("format")
	if err := oneOf(cmd, "format", format, listFormats()); err != nil {
		return err
	}
	db, err := store.Open(ctx, cmd.String("db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	users, err := db.Users(ctx)
	if err != nil {
		return err
	}
	type line struct {
		Name    string       `json:"name"`
		Role    account.Role `json:"role"`
		Created time.Time    `json:"created"`
	}
	lines := []line{}
	for _, u := range users {
		lines = append(lines, line{u.Name, u.Role, u.Created})
	}
	w := cmd.Root().Writer
	if format == "json" {
		return report.WriteValue(w, lines)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tROLE\tADDED")
	for _, l := range lines {
		fmt.Fprintf(t, "%s\t%s\t%s\n", l.Name, l.Role, l.Created.Format(time.DateOnly))
	}
	return t.Flush()
}

// askedHash reads a new password and hashes it. It is never an argument: every
// user of the machine can read those.
func askedHash(ctx context.Context, cmd *cli.Command, name string) (string, error) {
	password, err := readPassword(cmd)
	if err != nil {
		return "", err
	}
	if err := account.CheckPassword(name, password); err != nil {
		return "", usagef(cmd, "%w", err)
	}
	return account.NewHasher(account.DefaultCost()).Hash(ctx, password)
}

func readPassword(cmd *cli.Command) (string, error) {
	switch from := cmd.String("password"); {
	case strings.HasPrefix(from, "env:"):
		return fromEnvironment(strings.TrimPrefix(from, "env:"))
	case strings.HasPrefix(from, "@"):
		return fromFile(strings.TrimPrefix(from, "@"))
	case from != "" && from != "-":
		return "", usagef(cmd, "--password: write env:NAME, @FILE or -, never the password itself")
	case from == "":
		if in, ok := cmd.Root().Reader.(*os.File); ok && term.IsTerminal(int(in.Fd())) {
			return promptPassword(cmd.Root().ErrWriter, in)
		}
	}
	line, err := bufio.NewReader(io.LimitReader(cmd.Root().Reader, 4*account.MaxPassword+2)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func promptPassword(w io.Writer, in *os.File) (string, error) {
	ask := func(text string) (string, error) {
		fmt.Fprint(w, text)
		b, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(w)
		if err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
		return string(b), nil
	}
	first, err := ask(fmt.Sprintf("Password (at least %d characters): ", account.MinPassword))
	if err != nil {
		return "", err
	}
	second, err := ask("Once more: ")
	if err == nil && first != second {
		err = errors.New("the two passwords differ")
	}
	return first, err
}
