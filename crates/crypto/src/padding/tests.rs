#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn buckets_grow_in_steps_and_then_by_padme() {
    for (len, expected) in [(0, 256), (1, 256), (256, 256), (257, 512), (4_096, 4_096), (4_097, 4_352)] {
        assert_eq!(bucket(len), expected, "{len}");
    }
    // Padmé's own figures: 2^20 + 1 has E = 20, S = 5, so steps of 2^15.
    assert_eq!(bucket((1 << 20) + 1), (1 << 20) + (1 << 15));
    let mut last = 0;
    for len in (0..200_000).chain((200_000..22_000_000).step_by(997)) {
        let found = bucket(len);
        assert!(found >= len && found >= last && bucket(found) == found, "{len}");
        assert!(len <= 4_096 || (found - len) * 100 < len * 12, "{len} grew to {found}");
        last = found;
    }
}

#[test]
fn only_the_one_padding_is_accepted() {
    for len in [0, 1, 251, 252, 253, 4_092, 4_093, 20_000] {
        let text = vec![0xee; len];
        let padded = pad(&text);
        assert_eq!(padded.len(), bucket(len + 4));
        assert_eq!(&padded[unpad(&padded).unwrap()], text);
        let mut dirty = padded.clone();
        *dirty.last_mut().unwrap() ^= 1;
        assert!(len == padded.len() - 4 || unpad(&dirty).is_err(), "{len}");
        let longer = [padded.as_slice(), &[0; 256]].concat();
        assert!(unpad(&longer).is_err(), "{len}");
        assert!(unpad(&padded[..padded.len() - 1]).is_err(), "{len}");
    }
    for short in 0..4 {
        assert!(unpad(&vec![0; short]).is_err());
    }
    assert!(unpad(&[0xff; 256]).is_err());
}
