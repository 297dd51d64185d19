import { blake2b } from "@noble/hashes/blake2b";
import nacl from "tweetnacl";

const pair = nacl.box.keyPair.fromSecretKey(new Uint8Array(32).fill(7));

/** The key that the double gives out for secrets. */
export const BOX_KEY = { id: "568250167242549743", publicKey: Buffer.from(pair.publicKey).toString("base64") };

/** What is in a box that was sealed for `BOX_KEY`; null for anything else. */
export function openBox(sealed: string): string | null {
  const bytes = new Uint8Array(Buffer.from(sealed, "base64"));
  const from = bytes.subarray(0, nacl.box.publicKeyLength);
  const nonce = blake2b(Buffer.concat([from, pair.publicKey]), { dkLen: nacl.box.nonceLength });
  const opened = nacl.box.open(bytes.subarray(nacl.box.publicKeyLength), nonce, from, pair.secretKey);
  return opened ? Buffer.from(opened).toString("utf8") : null;
}
