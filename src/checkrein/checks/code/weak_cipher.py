"""Data is encrypted in a way that gives it away.

## Why

DES, RC4 and Blowfish are broken or nearly so. ECB encrypts equal blocks to equal blocks, so that the
pattern of the data stays. With an IV or a nonce that is always the same, equal beginnings are equal
again, and AES-GCM gives away its key for checking. `createCipher` makes both key and IV of a password
with one round of MD5.

## Fix

AES-256-GCM with a new nonce for each message, kept beside it: `crypto.randomBytes(12)`,
`os.urandom(12)`; Fernet; or have KMS encrypt.

## Examples

```python bad
import os
from Crypto.Cipher import AES, DES3
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY = os.environ["KEY"].encode()

def handler(event, context):
    AES.new(KEY, AES.MODE_ECB).encrypt(event["card"])  #! Example encrypts in ECB, which keeps the data's pattern
    DES3.new(KEY, DES3.MODE_CBC, os.urandom(8)).encrypt(event["card"])  #! Example encrypts with DES3, which is broken
    AES.new(KEY, AES.MODE_CBC, b"0123456789abcdef").encrypt(event["card"])  #! Example encrypts every message with the same IV
    Cipher(algorithms.AES(KEY), modes.ECB()).encryptor()  #! Example encrypts in ECB, which keeps the data's pattern
```

```javascript bad
const crypto = require("crypto");
const CryptoJS = require("crypto-js");
const IV = Buffer.alloc(16, 0);

exports.handler = async (event) => {
  const cipher = crypto.createCipheriv("aes-256-cbc", process.env.KEY, IV); //! Example encrypts every message with the same IV
  const other = crypto.createCipheriv("aes-256-gcm", process.env.KEY, Buffer.from(process.env.IV, "hex")); //! Example encrypts every message with the same IV
  const cut = crypto.createCipheriv("aes-256-cbc", process.env.KEY, process.env.KEY.slice(0, 16)); //! Example encrypts every message with the same IV
  const des = crypto.createCipheriv("des-ede3-cbc", process.env.KEY, crypto.randomBytes(8)); //! Example encrypts with des-ede3-cbc, which is broken
  const old = crypto.createCipher("aes-256-cbc", process.env.PASSWORD); //! Example makes key and IV of a password with one round of MD5 (createCipher)
  const ecb = CryptoJS.AES.encrypt(event.card, process.env.KEY, { mode: CryptoJS.mode.ECB }); //! Example encrypts in ECB, which keeps the data's pattern
};
```

```python good
import os, secrets
from Crypto.Cipher import AES
from Crypto.Random import get_random_bytes
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY = os.environ["KEY"].encode()

def handler(event, context):
    AES.new(KEY, AES.MODE_GCM).encrypt_and_digest(event["card"])
    AES.new(KEY, AES.MODE_CBC, os.urandom(16)).encrypt(event["card"])
    AES.new(KEY, AES.MODE_CBC, get_random_bytes(16)).encrypt(event["card"])
    AES.new(KEY, AES.MODE_CBC, iv=secrets.token_bytes(16)).encrypt(event["card"])
    AES.new(KEY, AES.MODE_CBC, event["iv"]).decrypt(event["sealed"])
    Cipher(algorithms.AES(KEY), modes.CBC(os.urandom(16))).encryptor()
    Fernet(KEY).encrypt(event["card"])
```

```javascript good
const crypto = require("crypto");
const { nanoid } = require("nanoid");
const CryptoJS = require("crypto-js");

exports.handler = async (event) => {
  const iv = crypto.randomBytes(12);
  const cipher = crypto.createCipheriv("aes-256-gcm", process.env.KEY, iv);
  const mixed = crypto.createCipheriv("aes-256-cbc", process.env.KEY, nanoid(16));
  const wrapped = crypto.createCipheriv("id-aes256-wrap", process.env.KEY, Buffer.from("A6A6A6A6A6A6A6A6", "hex"));
  const old = crypto.createDecipheriv("aes-256-cbc", process.env.KEY, Buffer.alloc(16, 0));
  const sealed = CryptoJS.AES.encrypt(event.card, process.env.PASSPHRASE);
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.tainted import once, said, sites_of, within_reach
from checkrein.late import regex
from checkrein.model import App, Argument, CallSite, Finding, Function
from checkrein.model.values import alternatives

OPERATION = regex(r"\b(DES3?|TripleDES|ARC[24]|RC4(?:Drop)?|Blowfish|CAST5?|IDEA|triple_des|des)\b")
ALGORITHM = regex(r"(?i)^(?:des|bf|blowfish|rc[24]|cast|idea|seed)\b")
ECB = regex(r"(?i)[-._]ECB\b|\bECB$")
WRAPPED = regex(r"(?i)wrap")  # whose IV is a constant of the standard
MODES = ("with.mode", "with.options.mode", "with.algorithm")
EMPTY = ("Buffer.alloc()", "bytes()", "bytearray()")  # of zeros; any other call may be random
IV = ("with.iv", "with.options.iv")


@check(
    every(Function),
    fault=2,
    topics=("cryptography",),
    frameworks=("CWE-327", "CWE-329", "CWE-1204"),
)
def weak_cipher(function: Function, app: App) -> Iterator[Finding]:
    yield from once(_found(function, app))


def _found(function: Function, app: App) -> Iterator[Finding]:
    for site in sites_of(app, function):
        if site.kind == "use" and site.service == "cipher":
            message, cwe = _fault(site)
            if message:
                yield Finding(
                    site.place,
                    f"{short(function.id)} {message}",
                    steps=site.steps,
                    cwe=cwe,
                    endangers=within_reach(app, function),
                    key=(site.operation, message),
                    confidence="certain" if site.certain else "likely",
                    by=(function.id,),
                )


def _fault(site: CallSite) -> tuple[str, str]:
    """Say what is wrong with how something is encrypted, and its CWE; "" where nothing is."""
    algorithm = next((str(one) for one in said(site, "with.algorithm")), "")
    broken = ALGORITHM.search(algorithm) or OPERATION.search(site.operation)
    if broken:
        return f"encrypts with {algorithm or broken[0]}, which is broken", "CWE-327"
    modes = [str(one) for path in MODES for one in said(site, path)]
    if any(ECB.search(one) for one in (*modes, site.operation)):
        return "encrypts in ECB, which keeps the data's pattern", "CWE-327"
    if site.operation == "crypto.createCipher":
        return "makes key and IV of a password with one round of MD5 (createCipher)", "CWE-1204"
    ivs = [one for one in site.arguments if one.path in IV]
    if ivs and all(map(_is_the_same, ivs)) and not WRAPPED.search(algorithm):
        return "encrypts every message with the same IV", "CWE-329"
    return "", ""


def _is_the_same(argument: Argument) -> bool:
    """Tell whether an argument is the same whenever the function runs."""
    if argument.sources:
        return all(source.owner == "env" for source in argument.sources)
    values = alternatives(argument.value)
    return all(isinstance(v, str) and v and ("()" not in v or v in EMPTY) for v in values)
