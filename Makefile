# What each target does is said in README.md. Every target installs what it needs and can be repeated.

export SWIFT_BACKTRACE = enable=no
SWIFT_FILES = find Package.swift Sources Tests tools/bench tools/crash -name '*.swift' -not -path '*/Generated/*' -print0

.PHONY: build test check lint format generate bench bench-replay bench-delay campaign demo lab lab-stop clean

build:
	tools/install
	swift build -c release --product flightlog

test:
	tools/test

check: lint test

lint:
	$(SWIFT_FILES) | xargs -0 swift format lint --strict --parallel

format:
	$(SWIFT_FILES) | xargs -0 swift format --in-place --parallel

generate:
	tools/install generate
	tools/generate

bench:
	tools/install bench
	swift build -c release --product flightlog-bench
	.build/release/flightlog-bench
	tools/peers

bench-replay:
	tools/install lab
	swift build -c release --product flightlog
	tools/bench-replay

bench-delay:
	tools/install lab
	swift build -c release --product flightlog
	tools/bench-delay

campaign:
	tools/install lab
	tools/campaign crash
	tools/campaign faults
	tools/campaign apart
	tools/campaign slow

demo:
	tools/demo

lab:
	tools/install lab
	tools/lab start

lab-stop:
	tools/lab stop

clean:
	swift package clean
