//! How long a WAV file sounds, read from its own header: the proof that a recording is one.

/// A-law, as the platform records (contract requests.md 5).
const A_LAW: u16 = 6;

/// Seconds of sound in an A-law WAV file; `None` when it is something else or not whole.
pub(crate) fn seconds(file: &[u8]) -> Option<f64> {
    if file.get(0..4)? != b"RIFF" || file.get(8..12)? != b"WAVE" {
        return None;
    }
    let mut bytes_per_second = None;
    let mut rest = file.get(12..)?;
    loop {
        let (name, length) = (rest.get(0..4)?, u32_at(rest, 4)? as usize);
        let content = rest.get(8..8 + length)?;
        match name {
            b"fmt " if u16_at(content, 0)? == A_LAW => bytes_per_second = u32_at(content, 8),
            b"fmt " => return None,
            b"data" => return Some(length as f64 / f64::from(bytes_per_second.filter(|rate| *rate > 0)?)),
            _ => {}
        }
        // Chunks begin at even places.
        rest = rest.get(8 + length + length % 2..)?;
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    /// A WAV file of this format with so many bytes of sound, 8000 a second.
    fn wav(format: u16, sound: usize) -> Vec<u8> {
        let mut file = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0".to_vec();
        file.extend(format.to_le_bytes());
        file.extend([1, 0]);
        file.extend(8000_u32.to_le_bytes());
        file.extend(8000_u32.to_le_bytes());
        file.extend([1, 0, 8, 0]);
        file.extend(b"odd \x01\0\0\0x\0data");
        file.extend(u32::try_from(sound).unwrap().to_le_bytes());
        file.extend(vec![0xD5; sound]);
        file
    }

    #[test]
    fn sound_is_measured_and_other_files_are_told_apart() {
        assert_eq!(seconds(&wav(6, 12_000)), Some(1.5));
        assert_eq!(seconds(&wav(1, 12_000)), None, "PCM");
        assert_eq!(seconds(&wav(6, 12_000)[..6_000]), None, "cut off");
        assert_eq!(seconds(b"not found"), None);
    }
}
