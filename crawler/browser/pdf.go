package browser

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
)

// printTimeout bounds the printing of one page: a report of hundreds of pages
// takes some seconds.
const printTimeout = 2 * time.Minute

var errPrintTimeout = errors.New("not printed within 2 min")

// Paper is A4 in inches, with margins that a hole punch leaves readable.
const (
	paperWidth, paperHeight = 8.27, 11.69
	paperMargin             = 0.6
)

// ready resolves when every picture of a page can be shown.
const ready = `Promise.all(Array.from(document.images, i => i.decode().catch(() => {}))).then(() => document.title)`

// PDF prints a page of our own that is complete in itself, with page numbers.
// The document is tagged, so that it can be read aloud.
func (b *Browser) PDF(ctx context.Context, html []byte) (_ []byte, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, printTimeout, errPrintTimeout)
	defer cancel()
	v, err := b.NewVisit(ctx, VisitOptions{RealTime: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, v.Close(context.WithoutCancel(ctx))) }()
	if err := v.NewTab(ctx); err != nil {
		return nil, err
	}
	tree, err := cdp.Call(ctx, v.page, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return nil, fmt.Errorf("open the page to print: %w", err)
	}
	set := page.SetDocumentContentParams{FrameID: tree.FrameTree.Frame.ID, HTML: string(html)}
	if _, err := cdp.Call(ctx, v.page, page.SetDocumentContent, set); err != nil {
		return nil, fmt.Errorf("open the page to print: %w", err)
	}
	var title string
	if err := v.Top().Eval(ctx, ready, &title); err != nil {
		return nil, fmt.Errorf("load the page to print: %w", err)
	}
	printed, err := cdp.Call(ctx, v.page, page.PrintToPDF, page.PrintToPDFParams{
		PrintBackground: ptr(true), DisplayHeaderFooter: ptr(true), GenerateTaggedPDF: ptr(true), GenerateDocumentOutline: ptr(true),
		PaperWidth: paperWidth, PaperHeight: paperHeight,
		MarginTop: ptr(paperMargin), MarginBottom: ptr(paperMargin), MarginLeft: ptr(paperMargin), MarginRight: ptr(paperMargin),
		HeaderTemplate: "<span></span>",
		FooterTemplate: `<div style="width:100%;font-size:8px;text-align:center"><span class="pageNumber"></span> / <span class="totalPages"></span></div>`,
	})
	if err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	return printed.Data, nil
}
