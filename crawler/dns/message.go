package dns

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

var (
	errTruncated = errors.New("the answer was cut off")
	errNoName    = errors.New("the name does not exist")
)

// maxChain is how many aliases are followed: resolvers give up sooner.
const maxChain = 16

// A question asks for a host's address; the answer holds the aliases on the way
// (RFC 1034, section 3.6.2).
type question struct {
	id   uint16
	host string
}

func (q *question) name() (dnsmessage.Name, error) {
	return dnsmessage.NewName(strings.TrimSuffix(q.host, ".") + ".")
}

func (q *question) pack() ([]byte, error) {
	name, err := q.name()
	if err != nil {
		return nil, fmt.Errorf("ask for %q: %w", q.host, err)
	}
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: q.id, RecursionDesired: true},
		Questions: []dnsmessage.Question{{Name: name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}},
	}
	return m.Pack()
}

// read returns the chain of names in an answer to the question. Records that
// belong to no part of the chain are left out.
func (q *question) read(packet []byte) ([]string, error) {
	var p dnsmessage.Parser
	head, err := p.Start(packet)
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	asked, err := p.Question()
	name, nameErr := q.name()
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the answer: %w", err)
	case nameErr != nil:
		return nil, nameErr
	case !head.Response, head.ID != q.id, canonical(asked.Name.String()) != canonical(name.String()):
		return nil, errors.New("what came is no answer to the question")
	case head.Truncated:
		return nil, errTruncated
	case head.RCode == dnsmessage.RCodeNameError:
		return nil, errNoName
	case head.RCode != dnsmessage.RCodeSuccess:
		return nil, fmt.Errorf("the server says %s", strings.TrimPrefix(head.RCode.String(), "RCode"))
	}
	if err := p.SkipAllQuestions(); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	records, err := p.AllAnswers()
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	return follow(canonical(name.String()), records), nil
}

// follow walks the aliases from a name; one that comes back to a name that it
// had ends it.
func follow(name string, records []dnsmessage.Resource) []string {
	target := map[string]string{}
	for _, r := range records {
		if c, ok := r.Body.(*dnsmessage.CNAMEResource); ok {
			target[canonical(r.Header.Name.String())] = canonical(c.CNAME.String())
		}
	}
	var chain []string
	for next := target[name]; next != "" && next != name && !slices.Contains(chain, next) && len(chain) < maxChain; next = target[next] {
		chain = append(chain, next)
	}
	return chain
}

func canonical(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }
