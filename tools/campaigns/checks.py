"""Whether the target of a campaign holds what the source holds, and what the task says of what it could not tell."""
import json
import re

from pymilvus import Collection, utility
from pymilvus.client.types import LoadState

from workloads.client import Server, keys_expression

from .load import FLAT, wait_until

COUNTS = re.compile(r'it holds (\d+) rows on the source and (\d+) on the target')


class Checks:
    """Counts what holds; prints a line for each."""

    def __init__(self, say):
        self.say, self.passed, self.failed = say, 0, 0

    def that(self, what, holds, detail=''):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
        self.say('%s  %s' % ('ok    ' if holds else 'FAILED', what))
        if detail and not holds:
            self.say('        ' + str(detail).strip()[:6000].replace('\n', '\n        '))
        return holds


def load_everything(server, prefix):
    """Loads every collection of a campaign, so that its rows can be counted; returns their names."""
    names = sorted(name for name in server.collections('default') if name.startswith(prefix + '_'))
    for name in names:
        collection = Collection(name, using=server.using())
        if not collection.indexes:
            collection.create_index('vector', FLAT, sync=False)
        collection.load()
    return names


def loaded(server, names):
    return all(server.has('default', name) and utility.load_state(name, using=server.using()) == LoadState.Loaded for name in names)


def counts(server, name, key, keys):
    """How many rows each key has."""
    collection, now = server.collection('default', name), server.now()
    found = {}
    for one in keys:
        answer = collection.query(keys_expression(key, [one]), output_fields=['count(*)'], **now)
        found[one] = int(answer[0]['count(*)'])
    return found


def equality(checks, service, source, target, prefix, keys):
    """Holds the target against the source. `keys` are those of the collection whose keys have several rows each."""
    here, there = Server(source), Server(target)
    names = load_everything(here, prefix)
    service.wait(['campaign'], here.timestamp() + (2000 << 18), within=900)
    checks.that('every collection is loaded on the target', wait_until(lambda: loaded(there, names), 120), names)

    answer = service.command('compare', source, target, '--include', 'default.%s_*' % prefix, '--include', '%s_db.*' % prefix,
                             output='json', check=False)
    try:
        report = json.loads(answer.stdout)
    except ValueError:
        return checks.that('compare runs', False, answer.stdout + answer.stderr)
    several = tuple('default.%s_%s' % (prefix, name) for name in ('twice', 'doubt'))
    counted = [line for line in report['differences'] if line.startswith(several) and COUNTS.search(line)]
    others = [line for line in report['differences'] if line not in counted]
    checks.that('the target equals the source, row by row for every key (%s)' % json.dumps(report['compared'], sort_keys=True),
                not others and not report['skipped'], '\n'.join(others + [str(report['skipped'])]))

    # Rows of one key, in a collection that was loaded before it had any, so that what the target held could be told: every key that has some at the source has at least one, and never more.
    wanted, found = (counts(server, '%s_twice' % prefix, 'id', keys) for server in (here, there))
    wrong = ['key %d: %d rows on the source, %d on the target' % (key, wanted[key], found[key]) for key in keys
             if found[key] > wanted[key] or (wanted[key] > 0) != (found[key] > 0)]
    checks.that('no key has more rows than at the source, and none is lost', not wrong, '\n'.join(wrong[:20]))

    fewer = {key: wanted[key] - found[key] for key in keys if found[key] < wanted[key]}
    doubt = service.task('campaign')['in_doubt']
    lost = sum(fewer.values())
    checks.say('%d rows of %d keys, %d on the target: %d duplicates of %d keys became one row'
               % (sum(wanted.values()), sum(1 for n in wanted.values() if n), sum(found.values()), lost, len(fewer)))
    checks.say('the task says: in doubt %s' % json.dumps(doubt, sort_keys=True))
    checks.that('the task reports at least as many rows of keys in doubt as duplicates became one', lost <= doubt['rows_held'])
    answer = service.command('journal', 'verify', service.journal, check=False)
    checks.that('journal verify finds nothing wrong', answer.returncode == 0, answer.stdout + answer.stderr)
    return lost
