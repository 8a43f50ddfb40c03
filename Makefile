# Tools are pinned here and run with `go run`, so they never enter go.mod.
GOFUMPT     := mvdan.cc/gofumpt@v0.12.0
GOLANGCI    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.1.4

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

# SQLite is compiled from C.
export CGO_ENABLED := 1

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## install the browsers and what else is missing (Debian: by apt)
	@bash .ci/setup

.PHONY: setup-test
setup-test: ## the same, and what tests alone need: PostgreSQL, pdftotext, xmllint, LibreOffice
	@bash .ci/setup test

.PHONY: packages
packages: ## fetch the npm packages that are embedded and that tests run, where npm is
	@bash .ci/packages

.PHONY: build
build: packages ## build bin/cookieaudit
	go build -trimpath -buildvcs=false -ldflags '-s -w -X main.version=$(VERSION)' -o bin/cookieaudit ./cmd/cookieaudit

.PHONY: demo
demo: setup build ## scan the built-in sites, without a network
	bin/cookieaudit demo

# One package at a time: two that drive browsers only wait for each other.
.PHONY: test
test: setup-test packages ## run the tests, in both browsers
	go build ./...
	go test -p 1 -timeout 15m ./...

.PHONY: test-everything
test-everything: setup-test packages ## run the large corpora whole, in both browsers
	go test -p 1 -count=1 -timeout 30m ./crawler ./fixtures/rules ./cmd/cookieaudit -args -everything

.PHONY: race
race: setup-test packages ## run every test under the race detector
	go test -race -timeout 30m ./...

.PHONY: check
check: ## formatting, linters, import rules, go.mod
	@unformatted=$$(go run $(GOFUMPT) -l .) && \
		if [ -n "$$unformatted" ]; then printf 'not formatted; run make format:\n%s\n' "$$unformatted"; exit 1; fi
	go mod tidy -diff
	go vet ./...
	go run $(GOLANGCI) run

.PHONY: format
format: ## format the code
	go run $(GOFUMPT) -w .

# BENCH narrows it: make bench BENCH=Scan/browser=chromium-headless-shell/page=shop/parallel=1
BENCH ?= Scan
ROUNDS ?= 5

.PHONY: bench
bench: setup packages ## what a scan costs beside a bare browser, as a table and a plot (CONTRIBUTING.md says how to read it)
	@mkdir -p bin
	go test -run '^$$' -bench '$(BENCH)' -benchtime $(ROUNDS)x -timeout 3h ./fixtures/speed -table=$(CURDIR)/bin/bench-table.txt -plot=$(CURDIR)/bin/bench.svg | tee bin/bench.txt
	@cat bin/bench-table.txt

.PHONY: soak
soak: setup packages ## scan a small site a thousand times: sites a second, and what is left behind
	go test -run '^$$' -bench Sustained -benchtime 1000x -timeout 2h ./fixtures/speed

# JOBS is how many sites each number of workers scans.
JOBS ?= 1000

.PHONY: fleet
fleet: setup-test packages ## scan JOBS small sites from PostgreSQL by 1, 2 and 4 workers: jobs/s, and what a job costs beyond its scan
	go test -run '^$$' -bench '^BenchmarkFleet$$' -benchtime 1x -timeout 3h ./cmd/cookieaudit -jobs=$(JOBS)

# GROWTH narrows it: make growth GROWTH=GrowthSites/sites=10$
GROWTH ?= Growth

.PHONY: growth
growth: setup packages ## time, memory and size as sites, policies and databases grow
	go test -p 1 -run '^$$' -bench '$(GROWTH)' -benchtime 1x -timeout 1h ./fixtures/speed ./cmd/cookieaudit/internal/store
	go test -run '^$$' -bench Read -benchmem ./crawler/policy

.PHONY: bench-code
bench-code: packages ## run the benchmarks of single packages
	go test -run '^$$' -bench . -benchmem $$(go list ./... | grep -v fixtures/speed)

.PHONY: consent-report
consent-report: setup-test packages ## print what comes of every banner of the corpus, in both browsers
	@mkdir -p bin && rm -f bin/consent-report.txt
	@go test -count=1 -timeout 15m -run '^TestBanners$$' ./crawler -args -everything -consent-report=$(CURDIR)/bin/consent-report.txt; \
		status=$$?; cat bin/consent-report.txt; exit $$status

.PHONY: knowledge
knowledge: ## make audit/purpose/data of its public sources (needs npm)
	cd audit/purpose/generate && npm ci && go run .

.PHONY: purpose-report
purpose-report: ## compare what is known of cookies with published tables
	go test -count=1 -v -run TestPublishedClasses ./audit/purpose

.PHONY: capture-report
capture-report: setup-test packages ## print the capture matrix: every way to set a cookie, in both browsers
	@mkdir -p bin && rm -f bin/capture-matrix.txt
	@go test -count=1 -run '^TestMatrix$$' ./fixtures/capture -report=$(CURDIR)/bin/capture-matrix.txt; \
		status=$$?; cat bin/capture-matrix.txt; exit $$status

.PHONY: screenshots
screenshots: setup build ## take the pictures of the README anew
	@bash .ci/screenshots

.PHONY: vuln
vuln: ## look for known vulnerabilities in what is compiled in
	@bash .ci/vuln $(GOVULNCHECK)

.PHONY: clean
clean: ## remove what was built and what the demo wrote
	rm -rf bin cookieaudit-demo
