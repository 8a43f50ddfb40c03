package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v3"

	"cookieaudit/audit"
	"cookieaudit/audit/purpose"
	"cookieaudit/report"
)

// envKnowledge names the folder of imported knowledge where it is not the usual
// one.
const envKnowledge = "COOKIEAUDIT_KNOWLEDGE"

func knowledgeCommand() *cli.Command {
	sub := func(c *cli.Command) *cli.Command {
		c.OnUsageError = usageProblem
		c.HideHelpCommand = true
		return c
	}
	return &cli.Command{
		Name:        "knowledge",
		Usage:       "show and extend what is known of cookies",
		Description: "What a cookie is for is judged from data: curated rows, two public data sets, and rows of your own, which win.",
		Commands: []*cli.Command{
			sub(&cli.Command{
				Name: "list", Usage: "list the data sets, with version and digest", Flags: []cli.Flag{knowledgeFlag(), listFormatFlag()}, Action: runKnowledgeList,
			}),
			sub(&cli.Command{
				Name: "import", Usage: "check files of your own and use them from now on", ArgsUsage: "FILE...", Action: runKnowledgeImport,
				Description: "Copies the files to the folder of imported knowledge: $" + envKnowledge + ", or cookieaudit/knowledge in\n" +
					"your configuration folder. A file of the same name is replaced; remove the copy to forget it.",
			}),
			sub(&cli.Command{
				Name: "explain", Usage: "say what a cookie is held for, and why", ArgsUsage: "NAME", Action: runKnowledgeExplain,
				Flags: []cli.Flag{&cli.StringFlag{Name: "host", Usage: "the cookie's `HOST`"}, knowledgeFlag(), listFormatFlag()},
			}),
		},
	}
}

// knowledgeFolder is where imported files lie; empty where the machine has no
// such place.
func knowledgeFolder() string {
	if dir := os.Getenv(envKnowledge); dir != "" {
		return dir
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "cookieaudit", "knowledge")
}

// ownKnowledge reads what was imported and what --knowledge names.
func ownKnowledge(cmd *cli.Command) ([][]byte, error) {
	out, err := readKnowledge(cmd.StringSlice("knowledge"))
	if err != nil {
		return nil, usagef(cmd, "--knowledge: %w", err)
	}
	return out, nil
}

// readKnowledge reads what was imported and then the named files: later rows
// win.
func readKnowledge(named []string) ([][]byte, error) {
	var files []string
	if dir := knowledgeFolder(); dir != "" {
		found, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
		if err != nil {
			return nil, fmt.Errorf("look for imported knowledge: %w", err)
		}
		slices.Sort(found)
		files = found
	}
	var out [][]byte
	for _, f := range append(files, named...) {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		if _, err := purpose.New(data); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		out = append(out, data)
	}
	return out, nil
}

func runKnowledgeList(_ context.Context, cmd *cli.Command) error {
	format := cmd.String("format")
	if err := oneOf(cmd, "format", format, listFormats()); err != nil {
		return err
	}
	known, err := knowledge(cmd)
	if err != nil {
		return err
	}
	w := cmd.Root().Writer
	if format == "json" {
		return report.WriteValue(w, known.Datasets())
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "DATA SET\tVERSION\tSHA-256\tLICENCE")
	for _, d := range known.Datasets() {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", printable(d.Name), printable(d.Version), d.SHA256, printable(d.Licence))
	}
	return t.Flush()
}

func knowledge(cmd *cli.Command) (*purpose.Classifier, error) {
	own, err := ownKnowledge(cmd)
	if err != nil {
		return nil, err
	}
	return purpose.New(own...)
}

func runKnowledgeImport(_ context.Context, cmd *cli.Command) error {
	files := cmd.Args().Slice()
	dir := knowledgeFolder()
	switch {
	case len(files) == 0:
		return usagef(cmd, "a file is missing: cookieaudit knowledge import FILE")
	case dir == "":
		return fmt.Errorf("there is no configuration folder on this machine: set $%s", envKnowledge)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("make the folder of imported knowledge: %w", err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return usagef(cmd, "%w", err)
		}
		c, err := purpose.New(data)
		if err != nil {
			return usagef(cmd, "%s: %w", f, err)
		}
		base := filepath.Base(f)
		target := filepath.Join(dir, strings.TrimSuffix(base, filepath.Ext(base))+".yaml")
		if err := os.WriteFile(target, data, 0o600); err != nil {
			return fmt.Errorf("keep %s: %w", f, err)
		}
		sets := c.Datasets()
		d := sets[len(sets)-1]
		fmt.Fprintf(cmd.Root().Writer, "%s: imported as %s (%s %s)\n", printable(f), target, printable(d.Name), printable(d.Version))
	}
	return nil
}

func runKnowledgeExplain(_ context.Context, cmd *cli.Command) error {
	if err := atMost(cmd, 1); err != nil {
		return err
	}
	name := cmd.Args().First()
	if name == "" {
		return usagef(cmd, "a name is missing: cookieaudit knowledge explain _ga")
	}
	format := cmd.String("format")
	if err := oneOf(cmd, "format", format, listFormats()); err != nil {
		return err
	}
	known, err := knowledge(cmd)
	if err != nil {
		return err
	}
	p := known.Named(name, cmd.String("host"), "")
	if format == "json" {
		return report.WriteValue(cmd.Root().Writer, p)
	}
	return explain(cmd.Root().Writer, name, &p)
}

func explain(w io.Writer, name string, p *audit.Purpose) error {
	var b strings.Builder
	class := string(p.Category)
	if p.Class != "" {
		class += " (" + p.Class + ")"
	}
	if p.Exempt {
		class += ", exempt from consent"
	}
	fmt.Fprintf(&b, "%s: %s, confidence %.2f\n", printable(name), class, p.Confidence)
	if len(p.Also) > 0 {
		need := "needs consent"
		if p.Exempt {
			need = "needs no consent"
		}
		fmt.Fprintf(&b, "that it %s: confidence %.2f, whichever class it is filed under\n", need, p.Sure())
	}
	if p.Provider != "" {
		who := p.Provider
		if len(p.Aliases) > 0 {
			who += " (" + strings.Join(p.Aliases, ", ") + ")"
		}
		fmt.Fprintf(&b, "provider: %s, confidence %.2f\n", who, p.ProviderConfidence)
	}
	if p.NameOnly {
		b.WriteString("nothing but the name says so\n")
	}
	if len(p.Basis) == 0 {
		b.WriteString("nothing is known of it\n")
	}
	for _, why := range p.Basis {
		b.WriteString("- " + printable(why) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
