const samplesPerSecond = 8000;

/** A WAV of a sine tone that fades out: one channel of 16 bits, 8,000 samples a second. */
export function encodeTone(hertz: number, seconds: number): Buffer {
  const count = Math.floor(samplesPerSecond * seconds);
  const file = Buffer.alloc(44 + count * 2);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(samplesPerSecond, 24);
  file.writeUInt32LE(samplesPerSecond * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36, "latin1");
  file.writeUInt32LE(count * 2, 40);
  for (let index = 0; index < count; index++) {
    const wave = Math.sin((2 * Math.PI * hertz * index) / samplesPerSecond);
    file.writeInt16LE(Math.round(wave * 20_000 * (1 - index / count)), 44 + index * 2);
  }
  return file;
}
