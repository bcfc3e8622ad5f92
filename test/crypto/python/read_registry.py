"""Reads all of a registry's file with its master key, from docs/security.md alone; each comment names its section there.

read_registry.py FILE KEY_FILE prints one line of JSON for each record that holds something sealed, as [record key, what
was sealed], then the name of the last audit line. It ends with an assertion where anything does not fit.
"""

import base64
import hashlib
import hmac
import json
import re
import sqlite3
import struct
import sys

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


# "Notation"
def lp(part):
    return struct.pack(">I", len(part)) + part


def utf8(text):
    return text.encode("utf-8")


def canonical(value):
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def parsed(text):
    value = json.loads(text)
    assert canonical(value) == text, f"not canonical: {text}"
    return value


def from_base64(text):
    value = base64.b64decode(text, validate=True)
    assert base64.b64encode(value).decode() == text
    return value


def hkdf(key, salt, info, length):
    extracted = hmac.digest(salt or bytes(64), key, "sha512")
    block, out = b"", b""
    while len(out) < length:
        block = hmac.digest(extracted, block + info + bytes([len(out) // 64 + 1]), "sha512")
        out += block
    return out[:length]


def without_mac(value):
    return utf8(canonical({name: member for name, member in value.items() if name != "mac"}))


# "Master key"
def kid(master_key):
    return hkdf(master_key, b"", b"secretreg/v1/kid", 16).hex()


def master_key(text, records):
    text = re.sub(r"\r?\n\Z", "", text)
    if text.startswith("base64:"):
        return from_base64(text[7:])
    if text.startswith("hex:"):
        return bytes.fromhex(text[4:])
    # "Descriptors"
    for key, value in records.items():
        if key.startswith('["master-key",') and value["kdf"]["name"] == "scrypt":
            kdf = value["kdf"]
            cost = {"n": kdf["N"], "r": kdf["r"], "p": kdf["p"], "maxmem": 2**29}
            derived = hashlib.scrypt(utf8(text), salt=from_base64(kdf["salt"]), dklen=32, **cost)
            if kid(derived) == parsed(key)[1]:
                return derived
    raise AssertionError("no descriptor fits the passphrase")


# "Opening", with "Place" and "Keys of one value"
def opened(master, store_id, sealed, label, path, key, version, meta):
    sealed = from_base64(sealed)
    assert len(sealed) >= 102 and sealed[:6] == bytes.fromhex("535247010100")
    assert sealed[6:22].hex() == kid(master)
    name = utf8(label) + b"\0"
    place = lp(store_id) + lp(utf8(path)) + lp(utf8(key)) + struct.pack(">Q", version) + lp(utf8(meta))
    aad = name + sealed[:54] + place
    okm = hkdf(master, sealed[22:54], name + b"\1" + hashlib.sha512(aad).digest(), 76)
    assert hmac.compare_digest(okm[44:], sealed[54:86])
    return AESGCM(okm[:32]).decrypt(okm[32:44], sealed[86:], aad)


# "Sealed value": what is sealed in which record.
def sealed_in(master, store_id, key, value):
    kind, *names = parsed(key)
    if kind == "secret":
        meta = canonical({"createdAt": value["createdAt"], "createdBy": value["createdBy"]})
        return opened(master, store_id, value["sealed"], "secretreg/v1/record", *names, meta)
    if kind == "master-key" and names[0] == kid(master):
        return opened(master, store_id, value["check"], "secretreg/v1/canary", "", "", 0, "")
    if kind == "audit-key":
        return opened(master, store_id, value["sealed"], "secretreg/v1/audit-key", "", "", names[0], "")
    if kind == "user" and "sealed" in value:
        meta = canonical({"passwordId": value["passwordId"], "principal": names[0]})
        return opened(master, store_id, value["sealed"], "secretreg/v1/password", "", "", 0, meta)
    return None


# "Records"
def read_records(database):
    records, last = {}, 0
    rows = database.execute("SELECT record_key, value FROM records ORDER BY position")
    for key, value in rows:
        parsed(key)
        records.pop(key, None)
        if value is not None:
            records[key] = parsed(value.decode("utf-8"))
            assert records[key]["n"] >= last
            last = records[key]["n"]
    return records


def check_macs(master, store_id, records):
    record_key = hkdf(master, b"", b"secretreg/v1/record-mac", 32)
    for key, value in records.items():
        assert value["kid"] == kid(master), f"under another key: {key}"
        message = lp(store_id) + lp(utf8(key)) + lp(without_mac(value))
        assert hmac.compare_digest(hmac.digest(record_key, message, "sha256"), from_base64(value["mac"]))


# "Audit trail"
def last_line(database, audit_key, anchor):
    end = {"chain": None, "seq": 0, "hash": "0" * 64}
    is_anchored = False
    for (line,) in database.execute("SELECT line FROM audit ORDER BY position"):
        link = parsed(line)
        assert (link["seq"], link["prev"]) == (end["seq"] + 1, end["hash"])
        assert hmac.compare_digest(hmac.digest(audit_key, without_mac(link), "sha256"), from_base64(link["mac"]))
        end = {"chain": link["chain"], "seq": link["seq"], "hash": hashlib.sha256(utf8(line)).hexdigest()}
        is_anchored = is_anchored or end == anchor
    assert is_anchored, "the newest commit names a line that is not there"
    return end


def main(file, key_file):
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    records = read_records(database)
    with open(key_file, encoding="utf-8", newline="") as text:
        master = master_key(text.read(), records)
    store_id = bytes.fromhex(records['["registry"]']["storeId"])
    check_macs(master, store_id, records)
    audit_key = None
    for key in sorted(records):
        value = sealed_in(master, store_id, key, records[key])
        if key.startswith('["audit-key",'):
            audit_key = value
            print(json.dumps([key, f"secretreg-audit-key:{store_id.hex()}:{base64.b64encode(value).decode()}"]))
        elif value is not None:
            print(json.dumps([key, value.decode("utf-8")]))
    print(json.dumps(last_line(database, audit_key, records['["commit"]']["audit"])))


main(*sys.argv[1:])
