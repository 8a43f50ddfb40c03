package report

import "cookieaudit/crawler/evidence"

// What became of the values of cookies and storage.
const (
	valuesHashed = "hashed"
	valuesKept   = "kept"
)

func valuesOf(s *evidence.Scan) string {
	if s.ValuesKept {
		return valuesKept
	}
	return valuesHashed
}

// ValuesNotice says that a report holds values; empty where it holds none.
func (r *Report) ValuesNotice() string {
	if r.Scan.Values != valuesKept {
		return ""
	}
	return "Values are kept: this report holds what stood in cookies and storage, which can name persons."
}
