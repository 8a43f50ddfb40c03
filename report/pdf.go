package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

var errNoPrinter = errors.New("a PDF needs a browser to print the page with")

// WritePDF writes the page of WriteHTML as it is printed. Unlike every other
// format the bytes differ from time to time: a browser dates what it prints.
func WritePDF(w io.Writer, r *Report, o Options) error {
	if o.Print == nil {
		return errNoPrinter
	}
	var page bytes.Buffer
	if err := WriteHTML(&page, r, o); err != nil {
		return err
	}
	printed, err := o.Print(page.Bytes())
	if err != nil {
		return fmt.Errorf("write PDF: %w", err)
	}
	if _, err := w.Write(printed); err != nil {
		return fmt.Errorf("write PDF: %w", err)
	}
	return nil
}
