

def bound_list(file):
    """zipfile holds the whole list of entries in memory: one that is too long is refused unread."""
    with open(file, "rb") as raw:
        raw.seek(max(0, os.path.getsize(file) - 65557))
        tail = raw.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + 22:
        raise Refused("damaged")
    entries, size = struct.unpack_from("<HL", tail, at + 10)
    if entries > LIMITS["entries"] or size > LIMITS["listBytes"]:
        raise Refused("too_many")


def zip_name(info):
    """As it was written: zipfile itself ends names at a zero and guesses an old code page."""
    raw = info.orig_filename
    if not info.flag_bits & 0x800:
        try:
            raw = raw.encode("cp437").decode("utf-8")
        except UnicodeError:
            raise Refused("name", ascii(raw)[1:-1])
    return raw.replace("\\", "/") if info.create_system == 0 else raw


def unpack_zip(file, desk):
    bound_list(file)
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            desk.count()
            raw = zip_name(info)
            path = clean(raw)
            if info.flag_bits & 0x41:
                raise Refused("encrypted", path)
            # The others that zipfile knows unpack a piece whole, however much comes out of it.
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Refused("method", path)
            mode = info.external_attr >> 16
            kind = stat.S_IFMT(mode)
            if path == "" or raw.endswith("/") or kind == stat.S_IFDIR or desk.leaves_out(path):
                continue
            if kind == stat.S_IFLNK:
                if info.file_size > 4096:
                    raise Refused("link_outside", path)
                with archive.open(info) as file:
                    desk.link(path, file.read(4097).decode("utf-8", "surrogateescape"))
            elif kind in (0, stat.S_IFREG):
                desk.take(path, mode & 0o111, info.file_size, zip_pieces(archive, info))
            else:
                raise Refused("device", path)


def zip_pieces(archive, info):
    with archive.open(info) as file:
        yield from pieces_of(file)
