import { blake2b } from "@noble/hashes/blake2b";
import nacl from "tweetnacl";

// libsodium's crypto_box_seal, which GitHub asks for: an X25519 key made for this one text, the box of NaCl, and as its nonce the
// 24-byte BLAKE2b of both public keys. Only who holds the private key of `publicKey` can open it.

/** The text sealed for a public key, both in base64. Throws for what is no key of 32 bytes. */
export function sealFor(publicKey: string, text: string): string {
  const receiver = new Uint8Array(Buffer.from(publicKey, "base64"));
  const own = nacl.box.keyPair();
  const nonce = blake2b(Buffer.concat([own.publicKey, receiver]), { dkLen: nacl.box.nonceLength });
  const sealed = nacl.box(new Uint8Array(Buffer.from(text, "utf8")), nonce, receiver, own.secretKey);
  return Buffer.concat([own.publicKey, sealed]).toString("base64");
}
