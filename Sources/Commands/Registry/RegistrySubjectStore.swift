// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Registry
import Storage

/// The subjects of a home: their ids, and which keys are theirs.
struct RegistrySubjectStore {
    /// Names of the keys of a subject that signs for itself.
    static let keyName = "source"
    static let nextKeyName = "source-next"

    let home: RegistryHome

    private var path: String { home.path("subject.json") }

    /// The subject of this home and the name of its key.
    func load() throws -> (id: RegistryID, key: String, next: String) {
        guard try home.files.exists(path) else {
            throw Failure(
                .notAllowed,
                Text(en: "this home is not a source's", es: "este directorio no es de una fuente"),
                hint: Text(
                    en: "become one with `registry source register`",
                    es: "conviértase en una con `registry source register`"
                )
            )
        }
        let value = try? JSONValue(parsing: RegistryHome.read(path))
        guard let id = value?["subject"]?.string.flatMap({ RegistryID(hex: $0) }),
            let key = value?["key"]?.string, let next = value?["next"]?.string
        else {
            throw Failure(
                .storeDamaged,
                Text(en: "\(path) is damaged", es: "\(path) está dañado")
            )
        }
        return (id, key, next)
    }

    func exists() throws -> Bool { try home.files.exists(path) }

    /// The next key is of use only where a thief of this machine does not get it.
    static func tellToMove(_ name: String, _ desk: RegistryDesk) {
        let file = "\(desk.home.path("keys"))/\(name).age"
        desk.context.console.note(
            Text(
                en: "move \(file) elsewhere: it gets your name back if this key is stolen",
                es: "guarde \(file) en otro lugar: con él recupera su seudónimo si roban esta"
            )
        )
    }

    func save(_ id: RegistryID, key: String, next: String) throws {
        let value: JSONValue = [
            "key": .string(key), "next": .string(next), "subject": .string(id.hex),
        ]
        try RegistryHome.write(path, value.canonicalBytes)
    }
}
