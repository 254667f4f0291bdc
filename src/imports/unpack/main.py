

def unpack(desk):
    with open(UPLOAD, "rb") as raw:
        head = raw.read(512)
    more = {"branch": "", "commit": None}
    if head[:4] in (b"PK\3\4", b"PK\5\6"):
        unpack_zip(UPLOAD, desk)
    elif head[:2] == b"\x1f\x8b":
        unpack_tar(open_gzip(UPLOAD, desk), desk)
    elif is_tar(head):
        unpack_tar(UPLOAD, desk)
    elif re.match(rb"# v[23] git bundle\n", head):
        more = unpack_bundle(UPLOAD, desk)
    else:
        raise Refused("format")
    if not desk.files:
        raise Refused("empty")
    if more["commit"] is None:
        desk.open_top()
    return {**more, "files": desk.files, "skipped": desk.skipped[:200]}


def main():
    if not os.path.isfile(UPLOAD):
        return {"refused": "lost"}
    shutil.rmtree(OUT, ignore_errors=True)
    try:
        os.makedirs(OUT, mode=0o700)
        desk = Desk()
        found = unpack(desk)
        with open(f"{OUT}/list.json", "w", encoding="utf-8") as out:
            json.dump(found, out)
        return {"files": len(desk.files)}
    except Refused as refused:
        return {"refused": refused.fault, "at": refused.at[:300]}
    except NotImplementedError:
        return {"refused": "method"}
    except MemoryError:
        return {"refused": "too_large"}
    except OSError as error:
        # gzip's own complaints are such errors, without a number.
        return {"refused": "disk" if error.errno in (28, 122, 27) else "damaged"}
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, struct.error, ValueError, RuntimeError):
        return {"refused": "damaged"}


print(json.dumps(main()))
