package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"cookieaudit/crawler"
	"cookieaudit/crawler/consent"
	"cookieaudit/crawler/evidence"
)

// choiceFlags say what a visitor does about the banner.
func choiceFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{
			Name: "phases", Value: strings.Join(texts(evidence.DefaultPhases()), ","),
			Usage: "`LIST` of phases: " + strings.Join(texts(evidence.Phases()), ", "),
		},
		&cli.StringFlag{
			Name:  "choose",
			Usage: "`LIST` of categories that the phase choose allows: " + strings.Join(texts(consent.Categories()), ", ") + "; asks for that phase",
		},
		&cli.StringFlag{Name: "recipe", Usage: "answer the banners of some sites by the recipes in `FILE` (YAML: site, banner, accept, reject, withdraw, fallback)", TakesFile: true},
		&cli.BoolFlag{Name: "no-screenshots", Usage: "take no pictures of the banner"},
	}
}

// readChoices reads choiceFlags.
func readChoices(cmd *cli.Command, c *crawler.Config) error {
	c.NoScreenshots = cmd.Bool("no-screenshots")
	var err error
	if c.Recipes, err = readRecipes(cmd.String("recipe")); err != nil {
		return usagef(cmd, "--recipe: %w", err)
	}
	for p := range strings.SplitSeq(cmd.String("phases"), ",") {
		p = strings.TrimSpace(p)
		if err := oneOf(cmd, "phases", p, texts(evidence.Phases())); err != nil {
			return err
		}
		if !slices.Contains(c.Phases, evidence.Phase(p)) {
			c.Phases = append(c.Phases, evidence.Phase(p))
		}
	}
	for name := range strings.SplitSeq(cmd.String("choose"), ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if err := oneOf(cmd, "choose", name, texts(consent.Categories())); err != nil {
			return err
		}
		if !slices.Contains(c.Choose, evidence.Category(name)) {
			c.Choose = append(c.Choose, evidence.Category(name))
		}
	}
	asked := slices.Contains(c.Phases, evidence.Choose)
	switch {
	case asked && len(c.Choose) == 0:
		return usagef(cmd, "--phases choose: say which categories with --choose")
	case !asked && len(c.Choose) > 0:
		c.Phases = append(c.Phases, evidence.Choose)
	}
	return nil
}

// readRecipes reads a file of recipes; an empty name stands for none.
func readRecipes(name string) ([]crawler.Recipe, error) {
	if name == "" {
		return nil, nil
	}
	text, err := readSmallFile(name)
	if err != nil {
		return nil, err
	}
	recipes, err := crawler.ParseRecipes(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return recipes, nil
}
