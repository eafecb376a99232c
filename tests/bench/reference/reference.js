// The same work with the best JavaScript libraries: what `cargo xtask bench passport` sets beside the app's own times.
//
// A record here has the bytes of the app's: sealed bytes that are hashed, a header that is hashed, a content key wrapped
// under a day's key, a body under keys derived from the content key, one Ed25519 signature by its source. The checkpoint
// ways also derive two keys of the day tree for each record, fewer than the app does. What the references are spared:
// reading a store, decoding, and, where each record is verified, the tree of days and the hash of each record.
//
// `window.reference(n, sizes, rounds)` gives the median milliseconds of each way.

import sodium from "/libsodium-wrappers.js";
import { createSHA256 } from "/hash-wasm.js";
import { chacha20poly1305 } from "/noble-ciphers/chacha.js";
import { ed25519 } from "/noble-curves/ed25519.js";

const subtle = crypto.subtle;
const NONCE = new Uint8Array(12);
// Calls of WebCrypto under way at once: enough to keep its threads busy.
const AT_ONCE = 256;

// Stands for the label of a derivation.
const LABEL = new Uint8Array(28);

const random = (length) => {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65536) crypto.getRandomValues(bytes.subarray(at, Math.min(length, at + 65536)));
  return bytes;
};

const concat = (...parts) => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

const seal = (text, aad, key) => sodium.crypto_aead_chacha20poly1305_ietf_encrypt(text, aad, null, NONCE, key);
const unseal = (sealed, aad, key) => sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, sealed, aad, NONCE, key);

// HKDF-Expand to 64 bytes: two HMACs.
const expand = (key, info) => {
  const first = sodium.crypto_auth_hmacsha256(concat(info, Uint8Array.of(1)), key);
  sodium.crypto_auth_hmacsha256(concat(first, info, Uint8Array.of(2)), key);
  return first;
};

const prepare = async (n, sizes) => {
  const day = random(32);
  const source = sodium.crypto_sign_keypair();
  const aesDay = await subtle.importKey("raw", day, "AES-GCM", false, ["encrypt", "decrypt"]);
  const key = await subtle.importKey("raw", source.publicKey, "Ed25519", false, ["verify"]);
  const records = [];
  for (let i = 0; i < n; i += 1) {
    const header = random(sizes.header);
    const content = random(32);
    const text = random(sizes.text);
    const info = sodium.crypto_hash_sha256(header);
    const aes = await subtle.importKey("raw", content, "AES-GCM", false, ["encrypt"]);
    const aesSeal = async (key, text) =>
      new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv: NONCE, additionalData: header }, key, text));
    records.push({
      header,
      sealed: random(sizes.sealed),
      wrap: seal(content, info, day),
      body: seal(text, header, expand(content, info)),
      aesWrap: await aesSeal(aesDay, content),
      aesBody: await aesSeal(aes, text),
      text,
      signature: sodium.crypto_sign_detached(text, source.privateKey),
    });
  }
  return { records, day, aesDay, source: source.publicKey, key };
};

// Leaves and pairs as in RFC 6962.
const treeRoot = (leaves, hash) => {
  const pair = new Uint8Array(65);
  pair[0] = 1;
  let level = leaves.map((leaf) => hash(concat(Uint8Array.of(0), leaf)));
  while (level.length > 1) {
    const next = [];
    for (let i = 0; i < level.length; i += 2) {
      if (i + 1 === level.length) next.push(level[i]);
      else {
        pair.set(level[i], 1);
        pair.set(level[i + 1], 33);
        next.push(hash(pair));
      }
    }
    level = next;
  }
  return level[0];
};

const openAll = ({ records, day }, hash, derivations) => {
  for (const { header, wrap, body } of records) {
    const info = hash(header);
    // Keys of the day tree: a node and the day's key, each HKDF-Expand to 32 bytes.
    for (let i = 0; i < derivations; i += 1) sodium.crypto_auth_hmacsha256(LABEL, day);
    unseal(body, header, expand(unseal(wrap, info, day), info));
  }
};

const ways = {
  // One checkpoint: hash each record, rebuild the tree, open each.
  checkpoint_libsodium_hash_wasm: async (data) => {
    const hasher = await createSHA256();
    const hash = (bytes) => hasher.init().update(bytes).digest("binary");
    treeRoot(data.records.map(({ sealed }) => hash(sealed)), hash);
    openAll(data, hash, 2);
  },
  checkpoint_libsodium: async (data) => {
    const hash = (bytes) => sodium.crypto_hash_sha256(bytes);
    treeRoot(data.records.map(({ sealed }) => hash(sealed)), hash);
    openAll(data, hash, 2);
  },
  // Each record's signature verified, each opened; no tree.
  each_webcrypto: async ({ records, aesDay, key }) => {
    const one = async ({ header, aesWrap, aesBody, text, signature }) => {
      const how = { name: "AES-GCM", iv: NONCE, additionalData: header };
      const content = await subtle.importKey("raw", await subtle.decrypt(how, aesDay, aesWrap), "AES-GCM", false, ["decrypt"]);
      await subtle.decrypt(how, content, aesBody);
      if (!(await subtle.verify("Ed25519", key, signature, text))) throw new Error("not verified");
    };
    for (let at = 0; at < records.length; at += AT_ONCE) await Promise.all(records.slice(at, at + AT_ONCE).map(one));
  },
  each_libsodium: async (data) => {
    openAll(data, (bytes) => sodium.crypto_hash_sha256(bytes), 0);
    for (const { text, signature } of data.records) {
      if (!sodium.crypto_sign_verify_detached(signature, text, data.source)) throw new Error("not verified");
    }
  },
  each_noble: async ({ records, day, source }) => {
    for (const { header, wrap, body, text, signature } of records) {
      const info = sodium.crypto_hash_sha256(header);
      const content = chacha20poly1305(day, NONCE, info).decrypt(wrap);
      chacha20poly1305(expand(content, info), NONCE, header).decrypt(body);
      if (!ed25519.verify(signature, text, source)) throw new Error("not verified");
    }
  },
};

// Takes seconds for each thousand: with few records only.
const NOBLE_MAX = 1000;

window.reference = async (n, sizes, rounds) => {
  await sodium.ready;
  const data = await prepare(n, sizes);
  const medians = {};
  for (const [name, way] of Object.entries(ways)) {
    if (name === "each_noble" && n > NOBLE_MAX) continue;
    const times = [];
    for (let round = 0; round < rounds; round += 1) {
      const start = performance.now();
      await way(data);
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    medians[name] = times[Math.floor(times.length / 2)];
  }
  return medians;
};
