package main

import (
	"context"
	"fmt"
	_ "time/tzdata" // zones of schedules, on machines that have no list of them

	"github.com/urfave/cli/v3"

	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/report"
)

const defaultConfig = "cookieaudit.yaml"

func configFlag() cli.Flag {
	return &cli.StringFlag{Name: "config", Aliases: []string{"c"}, Usage: "configuration `FILE` (default: " + defaultConfig + ", where there is one)", TakesFile: true}
}

func configCommand() *cli.Command {
	sub := func(c *cli.Command) *cli.Command {
		c.OnUsageError = usageProblem
		c.HideHelpCommand = true
		return c
	}
	return &cli.Command{
		Name:  "config",
		Usage: "check " + defaultConfig + ", print an example or its JSON Schema",
		Commands: []*cli.Command{
			sub(&cli.Command{
				Name: "check", Usage: "say what is wrong with a configuration, and where", ArgsUsage: "[FILE]", Action: runConfigCheck,
				Description: "Names every mistake with file, line and column. Secrets that the file refers to\nneed not be there.",
			}),
			sub(&cli.Command{Name: "example", Usage: "print a configuration that names every key", Action: func(_ context.Context, cmd *cli.Command) error {
				_, err := cmd.Root().Writer.Write(config.Example())
				return err
			}}),
			sub(&cli.Command{Name: "schema", Usage: "print the JSON Schema, for editors", Action: func(_ context.Context, cmd *cli.Command) error {
				schema, err := config.Schema()
				if err != nil {
					return err
				}
				_, err = cmd.Root().Writer.Write(schema)
				return err
			}}),
		},
	}
}

func runConfigCheck(_ context.Context, cmd *cli.Command) error {
	if err := atMost(cmd, 1); err != nil {
		return err
	}
	name := cmd.Args().First()
	if name == "" {
		name = defaultConfig
	}
	c, err := readConfig(name)
	if err != nil {
		return err
	}
	scheduled := 0
	for _, s := range c.Sites {
		if len(s.Schedules) > 0 {
			scheduled++
		}
	}
	fmt.Fprintf(cmd.Root().Writer, "%s is correct: %s, %d of them scheduled, %s, %s, %s\n", name, report.Plural(len(c.Sites), "site"), scheduled,
		report.Plural(len(c.Schedules), "schedule"), report.Plural(len(c.Suppressions), "suppression"), report.Plural(len(c.Alerts), "alert"))
	return nil
}
