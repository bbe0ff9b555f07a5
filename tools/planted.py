"""Secrets that the tests put into every configuration, and the search for them in all that the program says.

Whatever a server of the tests writes, answers or stores, and whatever a command prints, lies below one folder: logs,
catalog and journal by themselves, answers and output since control.py and service.py keep them. Only the
configuration and the files that hold secrets may have one.
"""
import os

MARK = 'canary-4711'
# What a configuration refers to by `env:`.
ENVIRONMENT = {'AWAY_TOKEN': MARK + '-target', 'SOURCE_TOKEN': 'root:%s-source' % MARK}
KEPT = ('data/secrets/', 'planted/')


def secret(name):
    return '%s-%s' % (MARK, name)


def targets_and_repositories(folder, address, targets=()):
    """Lines of a configuration: a target and a store with every kind of secret, in every form. Nothing uses them, but `targets`."""
    kept = os.path.join(folder, 'planted')
    os.makedirs(kept, exist_ok=True)
    for name in ('password', 'key.pem'):
        with open(os.path.join(kept, name), 'w') as file:
            file.write('-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n' % secret(name))
    tls = '{ ca: %s/key.pem, cert: %s/key.pem, key: %s/key.pem }' % (kept, kept, kept)
    return ['targets:',
            *targets,
            '  spare:',
            '    uri: %s' % address,
            '    username: root',
            '    password: { file: %s/password }' % kept,
            '    passwords: { planted: %s }' % secret('user'),
            *(['    tls: %s' % tls] if address.startswith('https') else []),
            'repositories:',
            '  local: { path: %s }' % os.path.join(folder, 'backups'),
            '  store: { endpoint: https://store.example.org, bucket: b, access_key: %s, secret_key: { env: AWAY_TOKEN }, tls: %s }' % (secret('access'), tls)]


def keep(folder, *texts):
    """Keeps what the program said, to be searched."""
    with open(os.path.join(folder, 'said.log'), 'a', errors='replace') as file:
        for text in texts:
            if text:
                file.write(text if isinstance(text, str) else text.decode(errors='replace'))
                file.write('\n')


def shown(folder, *more):
    """Where a secret shows, each as `FILE: SECRET`, and how many bytes were searched. `more` are secrets made at run time."""
    found, count = [], 0
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            relative = os.path.relpath(path, folder)
            if relative.startswith(KEPT) or name.endswith(('.yaml', '.pem')) or not os.path.isfile(path):
                continue
            for word in (MARK, *more):
                size, hit = search(path, word.encode())
                if hit:
                    found.append('%s: %s' % (relative, hit.decode(errors='replace')))
            count += size
    return found, count


def search(path, word):
    """The size of a file, and what stands around a word in it, if it is there."""
    size, rest, hit = 0, b'', None
    with open(path, 'rb') as file:
        while piece := file.read(1 << 20):
            size += len(piece)
            rest = rest[-200:] + piece
            at = rest.find(word)
            if at >= 0 and hit is None:
                hit = rest[max(0, at - 80):at + len(word) + 20]
    return size, hit


def sentence(folder, *more):
    """Whether nothing shows, and a line that says so."""
    found, count = shown(folder, *more)
    return not found, 'no secret in what was said and stored: %d KiB%s' % (count >> 10, ''.join('\n        ' + place for place in found[:10]))
