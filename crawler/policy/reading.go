package policy

import (
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"cookieaudit/crawler/evidence"
)

// A reading interprets what a gatherer finds while that goes on, on every
// processor: records become declarations, records and statements claims.
type reading struct {
	interpreter interpreter
	class       classified // that the document was last known to give to all its cookies
	life        string     // lifetime that it was last known to give to all its cookies
	parts       []*part
	workers     errgroup.Group
	found       atomic.Int64 // declarations

	claiming errgroup.Group
	ofRows   claimReader
	ofTexts  claimReader
	rows     chan []record
	texts    chan []statement
}

// A part is some records and what they declare.
type part struct {
	records  []record
	class    classified // as it was known of the document when they were read
	life     string
	declared []evidence.Declaration
}

// recordsAtOnce is how many records a processor takes at a time: few enough that
// none is left without, and more than a document of an honest site has.
const recordsAtOnce = 512

// waitingParts is how many parts may wait for the readers of claims: more than a
// document makes, so that the gatherer need not wait.
const waitingParts = 1 << 12

func newReading(in interpreter) *reading {
	r := &reading{interpreter: in, ofRows: newClaimReader(in.url), ofTexts: newClaimReader(in.url), rows: make(chan []record, waitingParts), texts: make(chan []statement, waitingParts)}
	r.workers.SetLimit(runtime.GOMAXPROCS(0))
	r.claiming.Go(func() error {
		for records := range r.rows {
			for i := range records {
				r.ofRows.row(&records[i])
			}
		}
		return nil
	})
	r.claiming.Go(func() error {
		for statements := range r.texts {
			for _, s := range statements {
				r.ofTexts.statement(s)
			}
		}
		return nil
	})
	return r
}

// take begins to read what was found, once it is enough for a part, or all.
func (r *reading) take(f *facts, all bool) {
	r.class, r.life = f.class, f.life
	if all || len(f.records) >= recordsAtOnce {
		for records := range slices.Chunk(f.records, recordsAtOnce) {
			r.parts = append(r.parts, &part{records: records})
			r.declare(r.parts[len(r.parts)-1])
		}
		r.rows <- f.records
		f.records = nil
	}
	if all || len(f.statements) >= recordsAtOnce {
		r.texts <- f.statements
		f.statements = nil
	}
}

// declare reads the declarations of a part.
func (r *reading) declare(p *part) {
	p.class, p.life = r.class, r.life
	r.workers.Go(func() error {
		r.found.Add(int64(-len(p.declared)))
		p.declared = nil
		in := r.interpreter // each part has the basis of its own declarations
		in.class, in.life = p.class, p.life
		for i := range p.records {
			declared := in.declarations(&p.records[i])
			if r.found.Add(int64(len(declared))) > maxRows {
				return ErrTooMany
			}
			p.declared = append(p.declared, declared...)
		}
		return nil
	})
}

// end waits for all that was taken. What was read before the document told of all
// its cookies is read again.
func (r *reading) end() ([]evidence.Declaration, []evidence.Claim, error) {
	close(r.rows)
	close(r.texts)
	err := r.workers.Wait()
	for _, p := range r.parts {
		if err == nil && (p.class != r.class || p.life != r.life) {
			r.declare(p)
		}
	}
	if again := r.workers.Wait(); err == nil {
		err = again
	}
	_ = r.claiming.Wait() // no reader of claims fails
	if err != nil {
		return nil, nil, err
	}
	var declared []evidence.Declaration
	for _, p := range r.parts {
		declared = append(declared, p.declared...)
	}
	r.ofRows.join(&r.ofTexts)
	return declared, r.ofRows.out, nil
}
