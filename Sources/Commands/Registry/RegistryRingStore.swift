// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Encodings
import Registry
import RingSignature
import Sodium
import Statements
import Storage

/// The ring keys of a home, one a quarter: each sealed to a key that is kept elsewhere, on paper or
/// on a stick, and destroyed when the quarter's grace is over.
///
/// The passphrase of the home does not open them: whoever takes the home later finds nothing that
/// tells for whom the organisation vouched.
///
/// Spec: `docs/spec/registry.md`, section 3.10.
struct RegistryRingStore {
    private static let fileCountMax = 65_536

    let home: RegistryHome

    private func path(_ epoch: RegistryEpoch) -> String { home.path("rings/\(epoch.name).age") }

    func exists(_ epoch: RegistryEpoch) throws -> Bool { try home.files.exists(path(epoch)) }

    /// Draws the ring key of a quarter, and writes the key that opens it to a file elsewhere.
    func create(_ epoch: RegistryEpoch, secretFile: String) throws -> RingSecret {
        guard try !home.files.exists(path(epoch)) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "there is a ring key for \(epoch.name) already",
                    es: "ya existe una llave de anillo para \(epoch.name)"
                )
            )
        }
        try OutputFile.requireNew([secretFile], force: false)
        let identity = HybridIdentity()
        let secret = RingSecret()
        var text = secret.text().reveal()
        var key = identity.text().reveal() + [0x0a]
        defer {
            wipe(&text)
            wipe(&key)
        }
        let sealed = try AgeEncryptor(recipients: [identity.recipient]).seal(text)
        try home.makeDirectory("rings")
        try RegistryHome.write(secretFile, key)
        try RegistryHome.write(path(epoch), sealed)
        return secret
    }

    /// Opens the ring key of a quarter.
    func open(_ epoch: RegistryEpoch, secretFile: String) throws -> RingSecret {
        guard try home.files.exists(path(epoch)) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "this home has no ring key for \(epoch.name)",
                    es: "este directorio no tiene llave de anillo para \(epoch.name)"
                ),
                hint: Text(
                    en: "`registry ring new` makes one for the coming quarter; --named vouches in"
                        + " the open",
                    es: "`registry ring new` crea una para el trimestre que viene; --named avala"
                        + " en público"
                )
            )
        }
        var key = try RegistryHome.read(secretFile, countMax: Self.fileCountMax)
        defer { wipe(&key) }
        let sealed = try RegistryHome.read(path(epoch), countMax: Self.fileCountMax)
        let failure = Failure(
            .wrongPassphrase,
            Text(
                en: "\(secretFile) does not open the ring key of \(epoch.name)",
                es: "\(secretFile) no abre la llave de anillo de \(epoch.name)"
            )
        )
        // Why it does not open it does not matter.
        guard let identities = try? IdentityFile.identities(in: SecretBytes(copying: key)),
            var text = try? AgeDecryptor(identities: identities).open(sealed)
        else { throw failure }
        do {
            return try RingSecret(text: SecretBytes(wiping: &text))
        } catch {
            throw failure
        }
    }

    /// Destroys the ring key of a quarter, and the key that opens it if it is here.
    func erase(_ epoch: RegistryEpoch, secretFile: String?) throws {
        for path in [secretFile, path(epoch)].compactMap({ $0 }) where try home.files.exists(path) {
            let count = try RegistryHome.read(path, countMax: Self.fileCountMax).count
            try RegistryHome.write(path, [UInt8](repeating: 0, count: count))
            do {
                try LocalFileSystem().remove(path)
            } catch {
                throw RegistryFailure.file(path, error)
            }
        }
    }

    /// Quarters for which there is a key, ascending.
    func epochs() throws -> [RegistryEpoch] {
        try RegistryHome.list(home.path("rings"), suffix: ".age")
            .compactMap { RegistryEpoch(name: String($0.dropLast(4))) }.sorted()
    }
}
