package main

import (
	"fmt"

	"github.com/urfave/cli/v3"

	"cookieaudit/crawler"
	"cookieaudit/crawler/dns"
)

// The values of --dns that are no address.
const (
	dnsSystem = "system"
	dnsOff    = "off"
)

func namesFlag() cli.Flag {
	return &cli.StringFlag{
		Name: "dns", Value: dnsSystem,
		Usage: "`ADDRESS` of the name server that tells what the site's names are aliases of; system or off",
	}
}

// askNames takes the value of --dns. A machine without a name server is no reason not to
// scan; the record says that names were not looked up.
func askNames(server string, c *crawler.Config) error {
	switch {
	case server == dnsOff:
		c.NoNames = "--dns off"
	case server != dnsSystem:
		r, err := dns.New(server, 0)
		if err != nil {
			return fmt.Errorf("%w (use system, off or an address such as 192.0.2.53)", err)
		}
		c.Names = r
	case c.Start.Proxy != nil:
		// Whoever scans through a proxy does not want this machine to ask for names.
		c.NoNames = "names are not looked up beside a proxy, unless --dns says where"
	default:
		if r, err := dns.System(); err != nil {
			c.NoNames = err.Error()
		} else {
			c.Names = r
		}
	}
	return nil
}
