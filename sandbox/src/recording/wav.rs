//! The recording's bytes: RIFF WAVE, A-law, 8000 Hz, mono (contract requests.md 5 and 12), a quiet tone throughout.

use std::sync::LazyLock;

use axum::body::Bytes;

/// Samples, and with A-law bytes, in a second.
pub(crate) const SAMPLES_PER_SECOND: u32 = 8000;
/// Everything before the samples.
pub(crate) const HEADER_LENGTH: usize = 58;

/// WAVE format code of A-law.
const FORMAT_ALAW: u16 = 6;
/// 400 Hz: a period is 20 samples, so that a second is made of whole periods.
const TONE_HERTZ: f64 = 400.0;
/// A tenth of full scale: present, and nobody is startled.
const TONE_LEVEL: f64 = 0.1;

/// Length in bytes of a file with this many seconds of sound.
pub(crate) fn file_length(seconds: u32) -> u64 {
    HEADER_LENGTH as u64 + sound_length(seconds)
}

fn sound_length(seconds: u32) -> u64 {
    u64::from(seconds) * u64::from(SAMPLES_PER_SECOND)
}

/// The file's first bytes: RIFF header, `fmt ` with the extension size that formats other than PCM have, `fact` with the
/// number of samples, and the start of `data`.
pub(crate) fn header(seconds: u32) -> [u8; HEADER_LENGTH] {
    // A file beyond 4 GiB, six days of sound, has no correct RIFF header; players take the largest size as "to the end".
    let sound = u32::try_from(sound_length(seconds)).unwrap_or(u32::MAX);
    let riff = sound.saturating_add(HEADER_LENGTH as u32 - 8);
    let mut header = [0; HEADER_LENGTH];
    let mut at = 0;
    let mut put = |bytes: &[u8]| {
        header[at..at + bytes.len()].copy_from_slice(bytes);
        at += bytes.len();
    };
    put(b"RIFF");
    put(&riff.to_le_bytes());
    put(b"WAVEfmt ");
    put(&18_u32.to_le_bytes());
    put(&FORMAT_ALAW.to_le_bytes());
    put(&1_u16.to_le_bytes()); // channels
    put(&SAMPLES_PER_SECOND.to_le_bytes());
    put(&SAMPLES_PER_SECOND.to_le_bytes()); // bytes in a second: 64 kbit/s
    put(&1_u16.to_le_bytes()); // bytes in a frame
    put(&8_u16.to_le_bytes()); // bits in a sample
    put(&0_u16.to_le_bytes()); // no extension
    put(b"fact");
    put(&4_u32.to_le_bytes());
    put(&sound.to_le_bytes()); // samples
    put(b"data");
    put(&sound.to_le_bytes());
    header
}

/// One second of the tone; any second sounds like any other.
pub(crate) static SECOND: LazyLock<Bytes> = LazyLock::new(|| {
    let sample = |n: u32| {
        let phase = f64::from(n) / f64::from(SAMPLES_PER_SECOND) * TONE_HERTZ * std::f64::consts::TAU;
        alaw((phase.sin() * TONE_LEVEL * f64::from(i16::MAX)) as i16)
    };
    (0..SAMPLES_PER_SECOND).map(sample).collect()
});

/// A 16-bit sample in A-law (ITU-T G.711): sign, three bits of exponent, four of mantissa, every other bit inverted.
fn alaw(sample: i16) -> u8 {
    // Negative samples are mirrored by complement, as the standard's reference code does.
    let (sign, magnitude) = if sample < 0 { (0, !sample) } else { (0x80, sample) };
    // Eleven bits remain; those before the last four make the exponent.
    let magnitude = magnitude.unsigned_abs() >> 4;
    let exponent = 12_u32.saturating_sub(magnitude.leading_zeros());
    let mantissa = (magnitude >> exponent.saturating_sub(1)) & 0x0F;
    (sign | (exponent as u8) << 4 | mantissa as u8) ^ 0x55
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The other direction, as the standard's table has it.
    fn decoded(byte: u8) -> i32 {
        let code = byte ^ 0x55;
        let (exponent, mantissa) = (i32::from(code >> 4 & 7), i32::from(code & 15));
        let magnitude = match exponent {
            0 => mantissa * 16 + 8,
            _ => (mantissa * 16 + 264) << (exponent - 1),
        };
        if code & 0x80 == 0 { -magnitude } else { magnitude }
    }

    #[test]
    fn header_of_75_seconds_is_byte_exact() {
        let expected: [u8; HEADER_LENGTH] = [
            b'R', b'I', b'F', b'F', 0xF2, 0x27, 0x09, 0x00, b'W', b'A', b'V', b'E', // 600,050
            b'f', b'm', b't', b' ', 18, 0, 0, 0, 6, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x40, 0x1F, 0, 0, 1, 0, 8, 0, 0,
            0, //
            b'f', b'a', b'c', b't', 4, 0, 0, 0, 0xC0, 0x27, 0x09, 0x00, // 600,000
            b'd', b'a', b't', b'a', 0xC0, 0x27, 0x09, 0x00,
        ];
        assert_eq!(header(75), expected);
        assert_eq!(file_length(75), 600_058);
    }

    #[test]
    fn known_samples_of_the_standard() {
        for (sample, byte) in [
            (0, 0xD5),
            (-1, 0x55),
            (8, 0xD5),
            (i16::MAX, 0xAA),
            (i16::MIN, 0x2A),
            (1000, 0xFA),
        ] {
            assert_eq!(alaw(sample), byte, "{sample}");
        }
    }

    #[test]
    fn coding_keeps_every_sample_within_half_a_step() {
        for sample in (i16::MIN..=i16::MAX).step_by(7) {
            let error = (decoded(alaw(sample)) - i32::from(sample)).abs();
            assert!(error <= (i32::from(sample).abs() / 32).max(16), "{sample}: {error}");
        }
    }

    #[test]
    fn the_tone_is_there_and_quiet() {
        let loudest = SECOND.iter().map(|byte| decoded(*byte).abs()).max();
        assert!((3000..3500).contains(&loudest.unwrap()), "{loudest:?}");
        assert_eq!(SECOND.len(), SAMPLES_PER_SECOND as usize);
    }
}
