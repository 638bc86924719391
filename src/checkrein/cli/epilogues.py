"""What ``--help`` says of the program and below each command: examples, and the exits."""

from __future__ import annotations

HELP = """Shows which data each service of a serverless application is meant to hold,
holds, and could hold. Reads templates and function code; needs no account and
no network."""

MORE = """Examples:

  checkrein                    the application in this folder
  checkrein scan services/ --fail-on medium
  checkrein scan --format json --facts --output facts.json
  checkrein explain Rides      who reaches it, how, and where to look
  checkrein can ShowRide s3:GetObject Photos
                               yes, maybe or no, and by which statements
  checkrein diff main          what this change lets whom reach
  checkrein flows              where data goes, field by field
  checkrein whatif --allow Orders "s3:*" Photos
                               what a statement would change
  checkrein cuts Photos        what to take away so that it holds what it should
  checkrein baseline           from now on, tell only what is new
  checkrein init               lock what it may do; all else is a finding then
  checkrein accept Orders --reason "…"
                               write into the lock what is meant
  checkrein checks             all checks; with a name, why and how to mend
  checkrein catalog            where its knowledge of AWS comes from
  checkrein fix --dry-run      what it would mend by itself, as a diff
  checkrein least Orders       the rights that function needs, as a diff

What was read is kept in .checkrein/ for the next time; that is safe to delete.
With --no-cache, which all commands know, or CHECKREIN_CACHE=off everything is
read anew and nothing is kept.

Exits with 0 clean, 1 findings at or above --fail-on, 2 wrong usage,
3 something could not be read or a check crashed."""

SCAN = """Examples:

  checkrein scan services/ --fail-on medium
  checkrein scan --all                  every finding in full
  checkrein scan --format sarif=checkrein.sarif
                                        and nothing on the terminal
  checkrein scan --format text --format junit=checkrein.xml
  checkrein scan --save released.json   to compare with later: checkrein diff
  checkrein scan --observed traces/ --observed logs/
                                        and what records tell happened
  checkrein scan --observed Uploads=samples/
                                        whose content these files are
  checkrein scan --format github        in a workflow: annotations and a summary
  checkrein scan --format asff --account 111122223333 --region eu-west-1

Exits with 0 clean, 1 findings at or above --fail-on, 2 wrong usage,
3 something could not be read or a check crashed."""

DIFF = """Examples:

  checkrein diff                     HEAD and the work tree
  checkrein diff main                main and the work tree
  checkrein diff origin/main...HEAD --format markdown --output comment.md
  checkrein diff v1.2 v1.3 --in services/shop --fail-on high
  checkrein diff ../before ../after  two folders
  checkrein diff released.json       what scan --save wrote, and this folder

Exits with 0, with 1 where a new finding is at or above --fail-on (if given), 2
wrong usage, 3 something could not be read in one of the versions."""

INIT = """Examples:

  checkrein init  writes checkrein.lock in this folder; review and commit it
  checkrein init services/

Exits with 0 written, 2 wrong usage, 3 something could not be read: the lock
lacks it."""

ACCEPT = """Examples:

  checkrein accept 7ba25ee4 --reason "receipts go to the archive"
  checkrein accept Orders --reason "the new field" --by "Ada Lovelace"
  checkrein accept --all --reason "release 4.2" --by "Ada Lovelace" --dry-run

Exits with 0 accepted, 2 wrong usage."""

EXPLAIN = """Examples:

  checkrein explain Rides      a table: who reads it, writes it, could get at it
  checkrein explain api/Rides --in services/
  checkrein explain ChargeFunction --all
  checkrein explain Orders --observed trail.json.gz
                               who was seen to use it
  checkrein explain pii.email --format json

Exits with 0 answered, 2 wrong usage, 3 something could not be read."""

FLOWS = """Examples:

  checkrein flows          the whole application, function by function
  checkrein flows Orders   what passes a function: from where, and how far
  checkrein flows pii.email --all
                           where e-mail addresses enter, and every place they go
  checkrein flows --format mermaid
                           a picture, for a document
  checkrein flows api.pay.example
                           what comes to a host, a table, a log, and from where

Exits with 0 answered, 2 wrong usage, 3 something could not be read."""

CAN = """Examples:

  checkrein can ShowRide dynamodb:GetItem Rides
  checkrein can anyone s3:GetObject Photos/private/x.png --expect no
  checkrein can sns.amazonaws.com sqs:SendMessage Orders --in services/
  checkrein can DeployRole "iam:*" "*" --context aws:MultiFactorAuthPresent=true

Exits with 0 answered (as --expect says, if it is given), 1 another answer,
2 wrong usage, 3 something could not be read."""

WHATIF = """Changes, as many as wanted, made in order; words mean what they mean to explain
and can:

  --allow WHO ACTIONS RESOURCE     a statement; WHO: anyone, a host, an ARN
  --deny WHO ACTIONS RESOURCE
  --revoke WHO ACTIONS [RESOURCE]  take actions out of WHO's statements
  --set RESOURCE.PROPERTY=VALUE    a setting; JSON, or text
  --unset RESOURCE.PROPERTY
  --trigger SOURCE FUNCTION        a queue, topic, stream, bucket, bus or anyone
  --no-trigger SOURCE TARGET
  --remove RESOURCE

Examples:

  checkrein whatif --allow RequestRide s3:PutObject "Website/*"
  checkrein whatif --revoke RequestRide dynamodb:Scan Rides
  checkrein whatif --allow anyone s3:GetObject Uploads --deny Orders "kms:*" "*"
  checkrein whatif --set Rides.BillingMode=PAY_PER_REQUEST
  checkrein whatif --trigger Uploads Resize --no-trigger Orders Mailer

It changes no file. Exits with 0 answered, 2 wrong usage, 3 something could not
be read."""

CUTS = """Examples:

  checkrein cuts Website       what to take away so that it holds what it should
  checkrein cuts Rides --data pii
                               e-mail addresses, names and the like alone
  checkrein cuts "Orders@logs" --in services/ --format json

Each set is the least that does, at most four things, and proved by working the
table out again without them; what no code was seen to use comes first. It
changes no file.

Exits with 0 answered, 2 wrong usage, 3 something could not be read."""

LEAST = """Examples:

  checkrein least                 every function: what is too much, and the diff
  checkrein least ReadOrders --write
                                  make the change
  checkrein least --format json   needed, excess, missing and the policy of each
"""

BASELINE = """Examples:

  checkrein baseline            commit checkrein.baseline.json with the code
  checkrein                     tells what is new since then, or worse than then
  checkrein scan --no-baseline  tells everything
  checkrein baseline services/ --output known.json
  checkrein scan services/ --baseline known.json

Exits with 0, or 3 if something could not be read."""

FIX = """Examples:

  checkrein fix --dry-run      what would be mended, as a diff
  checkrein fix                mend it: fixes that keep what works working
  checkrein fix services/ --unsafe --check runtime-end-of-life
  checkrein fix --format json  what was mended, what was left, and why

A fix stays only if, read and judged again with it, its finding is gone, no
graver one has come, every template can be read and every function has the
rights that it needs.

Exits with 0 where nothing is left at or above --fail-on, 1 where something is,
2 wrong usage, 3 something could not be read or a check crashed; with --dry-run
as if it had been written."""

COMPLY = """Examples:

  checkrein comply  what the data found asks for: cards PCI, health HIPAA
  checkrein comply --program fedramp-high
  checkrein comply services/ --program pci --table newer.csv
  checkrein comply --program hipaa --format json

Exits with 0 where no service out of scope holds the program's data, 1 where
one does, 2 wrong usage, 3 something could not be read."""

CHECKS = """Examples:

  checkrein checks            one line each
  checkrein checks data-in-logs
                              why, how to mend it, and the controls it speaks to
  checkrein checks --format json"""

EVIDENCE = """Examples:

  checkrein evidence --framework pci-4.0.1
  checkrein evidence services/ --framework owasp-2021 --output audit/owasp
  checkrein evidence --framework soc2 --date 2026-11-30

Exits with 0 written, 2 wrong usage (or the folder holds something else),
3 something could not be read; it is listed there."""

GRAPH = """Examples:

  checkrein graph                     a flowchart for a README, as Mermaid
  checkrein graph --format svg --output flows.svg
                                      a file that any browser shows
  checkrein graph --basis potential --data pii
                                      where personal data could go
  checkrein graph --basis observed --observed traces/
                                      what happened, as records tell
  checkrein graph RequestRide --format dot | dot -Tpng > ride.png
  checkrein graph --format otm --output app.otm
                                      for a threat-modelling tool, with findings
  checkrein graph --format cyclonedx --output bom.json
                                      services, their data, their packages

Exits with 0, or 3 if something could not be read."""

CATALOG = """Examples:

  checkrein catalog                each source, its version and its date
  checkrein catalog --format json

Exits with 0."""

SCHEMA = """Examples:

  checkrein schema > scan.schema.json
  checkrein schema intent > checkrein.schema.json

Exits with 0."""
