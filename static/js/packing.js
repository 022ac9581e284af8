/* Files as one zip, stored as they are: so that a folder goes up with its folders, however many files it has. */
window.agentsite = window.agentsite || {};
(() => {
  const UTF8 = 0x0800;
  const VERSION = 20;
  const EARLIEST = 0x21; /* 1 January 1980, as zips count */
  const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
    for (let bit = 0; bit < 8; bit += 1) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
    return byte;
  });
  const crc32 = (bytes) => {
    let sum = ~0;
    for (const byte of bytes) sum = TABLE[(sum ^ byte) & 0xff] ^ (sum >>> 8);
    return ~sum >>> 0;
  };

  /* Little-endian: [bytes, value], … */
  const packed = (...fields) => {
    const bytes = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
    let at = 0;
    for (const [size, value] of fields) {
      if (size === 2) bytes.setUint16(at, value, true);
      else bytes.setUint32(at, value, true);
      at += size;
    }
    return bytes.buffer;
  };

  /* What all names begin with, if everything lies in one folder. */
  const shared = (names) => {
    const top = names[0].slice(0, names[0].indexOf("/") + 1);
    return names.every((name) => top && name.startsWith(top)) ? top : "";
  };

  agentsite.pack = async (files, named) => {
    const top = shared(files.map(named));
    const bodies = [];
    const directory = [];
    let offset = 0;
    for (const file of files) {
      const content = new Uint8Array(await file.arrayBuffer());
      const name = new TextEncoder().encode(named(file).slice(top.length));
      const told = [[2, VERSION], [2, UTF8], [2, 0], [2, 0], [2, EARLIEST], [4, crc32(content)], [4, content.length], [4, content.length], [2, name.length], [2, 0]];
      const head = packed([4, 0x04034b50], ...told);
      bodies.push(head, name, content);
      directory.push(packed([4, 0x02014b50], [2, VERSION], ...told, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), name);
      offset += head.byteLength + name.length + content.length;
    }
    const size = directory.reduce((sum, part) => sum + part.byteLength, 0);
    const end = packed([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, offset], [2, 0]);
    return new File([...bodies, ...directory, end], top ? top.slice(0, -1) : `${files.length} files`, { type: "application/zip" });
  };
})();
