package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/urfave/cli/v3"
	"golang.org/x/sync/errgroup"

	"cookieaudit/audit/rules"
	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/web"
	"cookieaudit/crawler/discover"
)

func serveCommand() *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "scan by schedule, and show the dashboard",
		Description: "Schedules, workers, dashboard and API in one process. It listens on loopback unless it is\n" +
			"told otherwise. The first user is made with cookieaudit user add --role admin NAME.",
		Flags: append(queueFlags(),
			&cli.StringFlag{Name: "listen", Value: config.DefaultListen, Usage: "show the dashboard at `HOST:PORT`"}),
		Action: runServe,
	}
}

func runServe(ctx context.Context, cmd *cli.Command) error {
	if err := atMost(cmd, 0); err != nil {
		return err
	}
	if err := checkListen(cmd); err != nil {
		return err
	}
	return withQueue(ctx, cmd, plans, func(p *process) error { return p.serve(ctx, cmd) })
}

// checkListen finds a mistake in --listen before anything is started.
func checkListen(cmd *cli.Command) error {
	listen := cmd.String("listen")
	if _, _, err := net.SplitHostPort(listen); listen != "" && err != nil {
		return usagef(cmd, "--listen %s: write HOST:PORT, such as 127.0.0.1:8080", printable(listen))
	}
	return nil
}

// serve works the queue and shows the dashboard.
func (p *process) serve(ctx context.Context, cmd *cli.Command) error {
	o := dashboardOptions(p.db)
	o.Queue, o.Rules, o.ParseSite, o.Log = dashboardQueue{p.queue, p.options.Plan, p.guard != nil}, rules.All(), discover.ParseSite, p.log
	o.Origin, o.Hosts = p.config.Server.Origin, p.config.Server.Hosts
	dashboard, err := web.New(o)
	if err != nil {
		return err
	}
	if users, err := p.db.Users(ctx); err == nil && len(users) == 0 {
		p.log.Warn("nobody can sign in yet: cookieaudit user add --role admin NAME makes the first user")
	}
	listen := p.config.Server.Listen
	if cmd.IsSet("listen") {
		listen = cmd.String("listen")
	}
	return p.run(ctx, listen, dashboard)
}

// run works the queue and answers at an address, empty for none, until the
// context ends.
func (p *process) run(ctx context.Context, listen string, pages http.Handler) error {
	defer context.AfterFunc(ctx, func() {
		p.log.Info("told to end: running scans still have some time", "drain", p.options.Drain.String())
	})()
	// A failure of either ends the other.
	g, ctx := errgroup.WithContext(ctx)
	// While running scans come to their end it is still told that the process lives,
	// that it takes no more work, and how far it is.
	worked, end := context.WithCancel(context.WithoutCancel(ctx))
	g.Go(func() error {
		defer end()
		if err := p.queue.Run(ctx); err != nil {
			return err
		}
		if ctx.Err() == nil {
			return errors.New("the queue has stopped by itself")
		}
		return nil
	})
	if listen != "" {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
		if err != nil {
			g.Go(func() error { return err }) // it names what could not be done and where
			return g.Wait()
		}
		p.log.Info("listening", "address", l.Addr().String())
		g.Go(func() error { return serveHTTP(worked, l, p.routes(ctx, pages), p.log) })
	}
	err := g.Wait()
	p.log.Info("ended")
	return err
}

// routes adds what machines ask for to the pages. Once the context has ended, the
// process is not ready any more.
func (p *process) routes(ctx context.Context, pages http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if ctx.Err() != nil {
			http.Error(w, "not ready: the process ends", http.StatusServiceUnavailable)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		if err := p.queue.Ready(ctx); err != nil {
			// The error can name hosts: it goes to the log only.
			p.log.WarnContext(ctx, "not ready", "error", err)
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(p.metrics, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
	if pages != nil {
		mux.Handle("/", pages)
	}
	return mux
}

const readyTimeout = 3 * time.Second

// serveHTTP answers until the context ends; requests that run then still have
// some seconds.
func serveHTTP(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	closed := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		closed <- s.Shutdown(grace)
	}()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	if err := <-closed; err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
