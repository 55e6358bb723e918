// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Sodium
import Synchronization

/// Gets a passphrase without showing it, and without leaving it in ordinary memory.
enum PassphrasePrompt {
    /// The longest passphrase, in bytes.
    static let byteCountMax = 1024

    /// Asks on the terminal, whatever standard input is.
    ///
    /// - Throws: `.usage` when there is no terminal, `.failed` for an empty answer.
    static func ask(_ question: String, hint: Text = passphraseHint) throws -> SecretBytes {
        guard let answer = try askOptional(question, hint: hint) else {
            return try checked(SecretBytes(count: 0))
        }
        return answer
    }

    /// As ``ask(_:hint:)``, and takes an empty answer for none.
    static func askOptional(
        _ question: String,
        hint: Text = passphraseHint
    ) throws -> SecretBytes? {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else {
            throw Failure(
                .usage,
                Text(
                    en: "there is no terminal to ask for the passphrase on",
                    es: "no hay terminal donde pedir la contraseña"
                ),
                hint: hint
            )
        }
        defer { close(terminal) }
        _ = Terminal.write(Array((question + ": ").utf8), to: terminal)
        let answer = withoutEcho(on: terminal) { readLine(from: terminal) }
        _ = Terminal.write(Array("\n".utf8), to: terminal)
        guard let answer else { return try checked(nil) }
        if answer.count == 0 { return nil }
        return try checked(answer)
    }

    private static let passphraseHint = Text(
        en: "give --passphrase-file FILE",
        es: "indique --passphrase-file ARCHIVO"
    )

    /// Reads the first line of a file, or of standard input for `-`.
    ///
    /// - Throws: `.failed` when it cannot be read or is empty.
    static func read(file path: String) throws -> SecretBytes {
        if path == "-" { return try checked(readLine(from: STDIN_FILENO)) }
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            let reason = SystemReason(errno)
            throw Failure(
                .failed,
                Text(
                    en: "cannot read the passphrase file \(path): \(reason.text.en)",
                    es: "no se puede leer el archivo de contraseña \(path): \(reason.text.es)"
                )
            )
        }
        defer { close(file) }
        return try checked(readLine(from: file))
    }

    private static func checked(_ answer: consuming SecretBytes?) throws -> SecretBytes {
        guard let answer else {
            throw Failure(
                .failed,
                Text(
                    en: "the passphrase is longer than \(byteCountMax) bytes, or unreadable",
                    es: "la contraseña supera \(byteCountMax) bytes, o no se puede leer"
                )
            )
        }
        guard answer.count > 0 else {
            throw Failure(
                .failed,
                Text(en: "the passphrase is empty", es: "la contraseña está vacía")
            )
        }
        return answer
    }

    /// One line without its end, read byte by byte so that nothing after it is consumed, and no
    /// buffer of the C library ever holds it.
    private static func readLine(from file: Int32) -> SecretBytes? {
        var line = SecretBytes(count: byteCountMax + 2)
        var count = 0
        while count < line.count {
            let offset = count
            let got = unsafe line.withUnsafeMutableBytes { unsafe Glibc.read(file, $0 + offset, 1) }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { return nil }
            if got == 0 || line.withBytes({ $0[offset] == UInt8(ascii: "\n") }) {
                if count > 0, line.withBytes({ $0[offset - 1] == UInt8(ascii: "\r") }) {
                    count -= 1
                }
                return count <= byteCountMax ? line.slice(0..<count) : nil
            }
            count += 1
        }
        return nil
    }

    /// The settings to put back if a signal ends the process while echo is off.
    private static let savedSettings = Mutex<(file: Int32, settings: termios)?>(nil)

    /// Puts echo back on; called when a signal ends the process.
    static func restoreEcho() {
        savedSettings.withLock { saved in
            guard let (file, settings) = saved else { return }
            var copy = settings
            // At once: waiting for output to drain could wait for ever on a stopped terminal.
            _ = unsafe tcsetattr(file, TCSANOW, &copy)
            saved = nil
        }
    }

    private static func withoutEcho(
        on file: Int32,
        _ body: () -> SecretBytes?
    ) -> SecretBytes? {
        var settings = termios()
        guard unsafe tcgetattr(file, &settings) == 0 else { return body() }
        let saved = settings
        savedSettings.withLock { $0 = (file, saved) }
        settings.c_lflag &= ~tcflag_t(ECHO)
        settings.c_lflag |= tcflag_t(ICANON)
        _ = unsafe tcsetattr(file, TCSAFLUSH, &settings)
        defer { restoreEcho() }
        return body()
    }
}
