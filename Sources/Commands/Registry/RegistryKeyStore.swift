// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Encodings
import Registry
import Sodium
import Storage

/// The keys of a home, each in an age file under the passphrase.
struct RegistryKeyStore {
    /// What a key file says before the 32 bytes of the seed.
    private static let prefix = Array("resguardo-registry-key/v1\n".utf8)
    /// Passphrase work in demo mode: fast, and good for nothing else.
    private static let demoLog2N = 10
    /// The longest name, in bytes.
    static let nameCountMax = 48

    private let home: RegistryHome
    private let isDemo: Bool

    init(_ home: RegistryHome, isDemo: Bool) {
        self.home = home
        self.isDemo = isDemo
    }

    /// Makes a key.
    ///
    /// - Throws: `.notAllowed` when there is one of that name.
    func create(_ name: String, passphrase: borrowing SecretBytes) throws -> RegistryKey {
        try checkName(name)
        guard try !home.files.exists(path(name)) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "there is a key called “\(name)” already",
                    es: "ya existe una llave llamada «\(name)»"
                )
            )
        }
        let seed = SecretBytes(random: Ed25519.keyCount)
        let publicKey = try Ed25519.SecretKey(seed: seed).publicKey
        try keep(name, seed, passphrase: passphrase)
        let text = Hex.encode(publicKey.bytes) + "\n"
        try RegistryHome.write(publicPath(name), Array(text.utf8))
        return RegistryKey(publicKey)
    }

    /// Whether the secret half of a key is here, or a secret that has no public half.
    func holds(_ name: String) throws -> Bool {
        try checkName(name)
        return try home.files.exists(path(name))
    }

    /// Keeps 32 secret bytes, without a public half: they sign nothing, and no list names them.
    func keep(
        _ name: String,
        _ seed: borrowing SecretBytes,
        passphrase: borrowing SecretBytes
    ) throws {
        try checkName(name)
        try home.makeDirectory("keys")
        let recipient = ScryptRecipient(
            passphrase: passphrase.copy(),
            log2N: isDemo ? Self.demoLog2N : ScryptRecipient.log2NDefault
        )
        var plaintext = Self.prefix
        var bytes = seed.reveal()
        plaintext += bytes
        defer {
            wipe(&plaintext)
            wipe(&bytes)
        }
        let sealed = try AgeEncryptor(recipients: [recipient]).seal(plaintext)
        try RegistryHome.write(path(name), sealed)
    }

    /// Names of the keys, sorted.
    func names() throws -> [String] {
        try RegistryHome.list(home.path("keys"), suffix: ".pub").map { String($0.dropLast(4)) }
    }

    /// Whether the secret half of a key is here, and not only its public one.
    func hasSecret(_ name: String) throws -> Bool { try home.files.exists(path(name)) }

    /// Keeps the public half of a key whose secret is elsewhere.
    ///
    /// - Throws: `.notAllowed` when there is a key of that name; `.usage` for no key.
    func add(_ name: String, hex: String) throws -> RegistryKey {
        try checkName(name)
        guard try !home.files.exists(publicPath(name)) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "there is a key called “\(name)” already",
                    es: "ya existe una llave llamada «\(name)»"
                )
            )
        }
        guard let key = Self.key(hex: hex) else {
            throw Failure(
                .usage,
                Text(
                    en: "a public key is 64 hexadecimal digits",
                    es: "una llave pública son 64 dígitos hexadecimales"
                )
            )
        }
        try home.makeDirectory("keys")
        try RegistryHome.write(publicPath(name), Array((hex + "\n").utf8))
        return key
    }

    /// Whether the secret half of a key is here too.
    func isComplete(_ name: String) throws -> Bool {
        try checkName(name)
        guard try home.files.exists(publicPath(name)) else { return true }
        return try home.files.exists(path(name))
    }

    /// The public half of a key.
    func publicKey(_ name: String) throws -> RegistryKey {
        try checkName(name)
        guard try home.files.exists(publicPath(name)) else { throw unknown(name) }
        let text = String(decoding: try RegistryHome.read(publicPath(name)), as: UTF8.self)
        guard let key = Self.key(hex: String(text.prefix { $0 != "\n" })) else {
            throw Failure(
                .storeDamaged,
                Text(
                    en: "the public half of the key “\(name)” is damaged",
                    es: "la parte pública de la llave «\(name)» está dañada"
                )
            )
        }
        return key
    }

    /// A key that a person named: 64 digits, or the name of a key of this home.
    func resolve(_ text: String) throws -> RegistryKey {
        if let key = Self.key(hex: text) { return key }
        return try publicKey(text)
    }

    /// Opens a key.
    ///
    /// - Throws: `.wrongPassphrase`.
    func open(_ name: String, passphrase: borrowing SecretBytes) throws -> Ed25519.SecretKey {
        try Ed25519.SecretKey(seed: seed(name, passphrase: passphrase))
    }

    /// Opens the seed of a key.
    func seed(_ name: String, passphrase: borrowing SecretBytes) throws -> SecretBytes {
        try checkName(name)
        guard try home.files.exists(path(name)) else { throw unknown(name) }
        let sealed = try RegistryHome.read(path(name), countMax: 4096)
        let identity = ScryptIdentity(passphrase: passphrase.copy())
        var plaintext: [UInt8]
        do {
            plaintext = try AgeDecryptor(identities: [identity]).open(sealed)
        } catch AgeError.noIdentityMatched {
            throw Failure(
                .wrongPassphrase,
                Text(
                    en: "the passphrase does not open the key “\(name)”",
                    es: "la contraseña no abre la llave «\(name)»"
                )
            )
        } catch AgeError.outOfMemory {
            throw AgeError.outOfMemory
        } catch {
            throw damaged(name)
        }
        defer { wipe(&plaintext) }
        guard plaintext.starts(with: Self.prefix),
            plaintext.count == Self.prefix.count + Ed25519.keyCount
        else { throw damaged(name) }
        var seed = Array(plaintext.suffix(Ed25519.keyCount))
        return SecretBytes(wiping: &seed)
    }

    /// The names that a person gave, or the only key that there is.
    func choose(_ names: [String]) throws -> [String] {
        guard names.isEmpty else { return names }
        let all = try self.names()
        guard all.count != 1 else { return all }
        if all.isEmpty {
            throw Failure(
                .notAllowed,
                Text(en: "this home has no key", es: "este directorio no tiene llaves"),
                hint: Text(
                    en: "make one with `registry key new NAME`",
                    es: "cree una con `registry key new NOMBRE`"
                )
            )
        }
        let list = all.joined(separator: ", ")
        throw Failure(
            .usage,
            Text(
                en: "this home has several keys: \(list)",
                es: "este directorio tiene varias llaves: \(list)"
            ),
            hint: Text(en: "choose with --key NAME", es: "elija con --key NOMBRE")
        )
    }

    private func path(_ name: String) -> String { home.path("keys/\(name).age") }
    private func publicPath(_ name: String) -> String { home.path("keys/\(name).pub") }

    private static func key(hex: String) -> RegistryKey? {
        RegistryID(hex: hex).map { RegistryKey(bytes: $0.bytes) }
    }

    private func damaged(_ name: String) -> Failure {
        Failure(
            .storeDamaged,
            Text(
                en: "the key “\(name)” is damaged",
                es: "la llave «\(name)» está dañada"
            )
        )
    }

    private func unknown(_ name: String) -> Failure {
        Failure(
            .notAllowed,
            Text(
                en: "there is no key called “\(name)”, and it is not 64 hexadecimal digits either",
                es: "no hay una llave llamada «\(name)», ni son 64 dígitos hexadecimales"
            )
        )
    }

    private func checkName(_ name: String) throws {
        let isPlain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x2d
        }
        guard (1...Self.nameCountMax).contains(name.utf8.count), isPlain else {
            throw Failure(
                .usage,
                Text(
                    en: "names of keys are lower-case letters, digits and hyphens",
                    es: "los nombres de llaves son minúsculas, dígitos y guiones"
                )
            )
        }
    }
}
