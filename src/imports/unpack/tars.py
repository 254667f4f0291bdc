

def open_gzip(file, desk):
    """A tar without its compression, so that it can be read back and forth."""
    plain, total = f"{OUT}/plain.tar", 0
    with gzip.open(file) as packed, open(plain, "wb") as out:
        for piece in pieces_of(packed):
            total += len(piece)
            if total > LIMITS["streamBytes"] or total > desk.most:
                raise Refused("bomb")
            out.write(piece)
    with open(plain, "rb") as out:
        if not is_tar(out.read(512)):
            raise Refused("format")
    return plain


def is_tar(head):
    return head[257:262] == b"ustar"


def unpack_tar(file, desk):
    with tarfile.open(file, "r:", encoding="utf-8", errors="surrogateescape") as archive:
        for member in archive:
            desk.count()
            path = clean(member.name)
            if path == "" or member.isdir() or desk.leaves_out(path):
                continue
            if member.issym():
                desk.link(path, member.linkname)
            elif member.islnk():
                take_hard_link(desk, path, member)
            elif member.type in tarfile.REGULAR_TYPES:
                # One that is too large is not looked into: a file of holes is larger than its archive.
                pieces = () if member.size > LIMITS["fileBytes"] else pieces_of(archive.extractfile(member))
                desk.take(path, member.mode & 0o111, member.size, pieces)
            else:
                raise Refused("device", path)
        end = archive.offset
    # tarfile takes whatever it cannot read for the end. The end is a block of zeros.
    with open(file, "rb") as raw:
        raw.seek(end)
        if raw.read(512) != bytes(512):
            raise Refused("damaged")


def take_hard_link(desk, path, member):
    """The same file under a second name: here it becomes a second file."""
    try:
        source = clean(member.linkname)
    except Refused:
        raise Refused("link_outside", path)
    if source in desk.numbers:
        number = desk.numbers[source]
        with open(f"{OUT}/{number}", "rb") as file:
            desk.take(path, member.mode & 0o111, desk.files[number]["size"], pieces_of(file))
    elif source in desk.passed:
        desk.skip(path, "link")
    else:
        raise Refused("link_outside", path)
