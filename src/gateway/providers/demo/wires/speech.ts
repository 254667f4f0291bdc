const RATE = 8_000;
const PITCH_HZ = 440;
const SECONDS_PER_CHARACTER = 0.02;
const MOST_SECONDS = 20;

/** A quiet tone as long as the text, as WAV: the demo model has no voice. */
export function toneFor(text: string): Buffer {
  const seconds = Math.min(MOST_SECONDS, text.length * SECONDS_PER_CHARACTER);
  const samples = Math.max(1, Math.round(seconds * RATE));
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write("WAVEfmt ", 8);
  // PCM, one channel, 16 bits
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(RATE, 24);
  wav.writeUInt32LE(RATE * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let n = 0; n < samples; n += 1) {
    wav.writeInt16LE(Math.round(3000 * Math.sin((2 * Math.PI * PITCH_HZ * n) / RATE)), 44 + n * 2);
  }
  return wav;
}
