
REPOSITORY = f"{OUT}/repository"
# Nothing that a bundle or this machine could bring along is run, and nothing outside is reached.
GIT_ENVIRONMENT = {
    "PATH": os.environ.get("PATH", ""), "HOME": OUT, "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "none",
    "GIT_CONFIG_COUNT": "3", "GIT_CONFIG_KEY_0": "core.hooksPath", "GIT_CONFIG_VALUE_0": "/dev/null",
    "GIT_CONFIG_KEY_1": "core.fsmonitor", "GIT_CONFIG_VALUE_1": "false",
    "GIT_CONFIG_KEY_2": "pack.threads", "GIT_CONFIG_VALUE_2": "1",
}


def start_git(*words, **more):
    try:
        return subprocess.Popen(["git", *words], env=GIT_ENVIRONMENT, stdout=subprocess.PIPE, **more)
    except FileNotFoundError:
        raise Refused("no_git")


def git(*words):
    child = start_git("-C", REPOSITORY, *words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    out, err = child.communicate()
    if child.returncode == 0:
        return out.decode("utf-8", "surrogateescape")
    if re.search(rb"No space left|quota exceeded", err):
        raise Refused("disk")
    # Killed: it needed more memory than there is.
    raise Refused("too_large" if child.returncode == -9 else "part" if b"prerequisite" in err else "damaged")


def choose_head(heads):
    """@returns the commit and the branch that is meant: the named one, the one that HEAD stands on, or the only one."""
    branches = {name[11:]: commit for commit, name in heads if name.startswith("refs/heads/")}
    if BRANCH:
        if BRANCH not in branches:
            raise Refused("no_branch", BRANCH)
        return branches[BRANCH], BRANCH
    head = next((commit for commit, name in heads if name == "HEAD"), None)
    for name in ("main", "master", *sorted(branches)):
        if name in branches and (branches[name] == head or len(set(branches.values())) == 1):
            return branches[name], name
    if head:
        return head, ""
    for name in ("main", "master"):
        if name in branches:
            return branches[name], name
    raise Refused("no_branch")


def unpack_bundle(file, desk):
    file = os.path.abspath(file)
    os.mkdir(REPOSITORY)
    git("init", "--quiet", "--bare", "--template=", ".")
    lines = git("bundle", "list-heads", file).splitlines()
    found, branch = choose_head([line.split(" ", 1) for line in lines if " " in line])
    git("bundle", "unbundle", file)
    commit = git("rev-parse", "--verify", "--quiet", found + "^{commit}").strip()
    blobs = list(list_blobs(commit, desk))
    reader = start_git("-C", REPOSITORY, "cat-file", "--batch", stdin=subprocess.PIPE, bufsize=PIECE)
    for path, executable, blob, size in blobs:
        desk.take(path, executable, size, blob_pieces(reader, blob, size))
    reader.stdin.close()
    shutil.rmtree(REPOSITORY)
    return {"branch": branch if branch.isprintable() and len(branch) <= 200 else "", "commit": commit}


def list_blobs(commit, desk):
    """Read as it comes: a tree may name more files than anybody has room for."""
    child = start_git("-C", REPOSITORY, "ls-tree", "-r", "-l", "-z", "--full-tree", commit, stdin=subprocess.DEVNULL)
    rest = b""
    for piece in pieces_of(child.stdout):
        *whole, rest = (rest + piece).split(b"\0")
        if len(rest) > PIECE:
            raise Refused("name")
        for line in whole:
            desk.count()
            facts, raw = line.decode("utf-8", "surrogateescape").split("\t", 1)
            mode, _, blob, size = facts.split()
            path = clean(raw)
            if desk.leaves_out(path):
                continue
            if mode == "160000":
                desk.skip(path, "submodule")
            elif mode == "120000":
                desk.skip(path, "link")
            elif not size.isdigit():
                raise Refused("damaged", path)
            else:
                yield path, mode == "100755", blob, int(size)
    if child.wait() != 0 or rest:
        raise Refused("damaged")


def blob_pieces(reader, blob, size):
    if size > LIMITS["fileBytes"]:
        return
    reader.stdin.write(f"{blob}\n".encode())
    reader.stdin.flush()
    if reader.stdout.readline() != f"{blob} blob {size}\n".encode():
        raise Refused("damaged")
    left = size
    while left > 0:
        piece = reader.stdout.read(min(PIECE, left))
        if not piece:
            raise Refused("damaged")
        left -= len(piece)
        yield piece
    reader.stdout.read(1)
