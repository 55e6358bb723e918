// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry
import SnapshotFormat
import Statements
import Storage

/// The registry's errors in a person's words.
extension RegistryLogError: DescribedFailure {
    var failure: Failure {
        switch self {
        case .rolledBack(let size, let seen):
            Failure(
                .doesNotVerify,
                Text(
                    en: "the registry's log has \(size) entries, but \(seen) were seen before",
                    es: "el registro tiene \(size) entradas, pero antes se vieron \(seen)"
                ),
                hint: Self.hint
            )
        case .rewritten(let size):
            Failure(
                .doesNotVerify,
                Text(
                    en: "the first \(size) entries of the registry's log were changed",
                    es: "las primeras \(size) entradas del registro fueron cambiadas"
                ),
                hint: Self.hint
            )
        case .entriesMismatch:
            Failure(
                .doesNotVerify,
                Text(
                    en: "the registry's entries are not those that its operator signed",
                    es: "las entradas del registro no son las que firmó su operador"
                ),
                hint: Self.hint
            )
        }
    }

    private static let hint = Text(
        en: "ask others what they see: this is what a forged registry looks like",
        es: "pregunte a otros qué ven: así se ve un registro falsificado"
    )
}

extension SnapshotError: DescribedFailure {
    var failure: Failure {
        Failure(.doesNotVerify, message, hint: hint)
    }

    private var message: Text {
        switch self {
        case .tooLarge(let line), .malformed(let line), .notCanonical(let line),
            .unknownField(let line), .unsortedRecords(let line), .duplicateAccount(let line):
            Text(
                en: "line \(line) is not as a snapshot has it",
                es: "la línea \(line) no es como la de una instantánea"
            )
        case .truncated:
            Text(en: "the snapshot is cut short", es: "la instantánea está cortada")
        case .unsupportedVersion:
            Text(
                en: "the snapshot is of another version of the format",
                es: "la instantánea es de otra versión del formato"
            )
        case .invalidLife:
            Text(
                en: "the snapshot claims to hold for longer than a week",
                es: "la instantánea dice valer más de una semana"
            )
        case .recordsMismatch:
            Text(
                en: "records of the snapshot are missing, added or of another one",
                es: "faltan registros de la instantánea, sobran o son de otra"
            )
        case .tooFewSignatures(let valid, let needed):
            Text(
                en: "\(valid) of the registry's keys signed the snapshot; \(needed) are needed",
                es: "\(valid) de las llaves del registro firmaron; se necesitan \(needed)"
            )
        case .unwitnessed:
            Text(
                en: "the log or its witnesses did not sign what the snapshot was made from",
                es: "el registro o sus testigos no firmaron aquello de lo que salió"
            )
        case .notWitnessedThen:
            Text(
                en: "witnesses signed what the snapshot was made from long before or after it",
                es: "los testigos firmaron aquello de lo que salió mucho antes o después"
            )
        case .olderLog(let size, let lastSeen):
            Text(
                en: """
                    the snapshot was made from \(size) entries of the log, an earlier one from \
                    \(lastSeen)
                    """,
                es: """
                    la instantánea salió de \(size) entradas del registro, una anterior de \
                    \(lastSeen)
                    """
            )
        case .wrongOrigin:
            Text(
                en: "the snapshot is of another registry",
                es: "la instantánea es de otro registro"
            )
        case .wrongAudience:
            Text(
                en: "the snapshot is for another audience",
                es: "la instantánea es para otro público"
            )
        case .rolledBack(let version, let lastSeen):
            Text(
                en: "the snapshot is version \(version), and version \(lastSeen) was seen before",
                es: "la instantánea es la versión \(version), y antes se vio la \(lastSeen)"
            )
        case .equivocates(let version):
            Text(
                en: "another snapshot of version \(version) was seen before",
                es: "antes se vio otra instantánea con la versión \(version)"
            )
        case .expired(let time):
            Text(
                en: "the snapshot expired on \(RegistryText.date(time))",
                es: "la instantánea venció el \(RegistryText.date(time))"
            )
        case .notYetValid(let time):
            Text(
                en: "the snapshot is dated \(RegistryText.date(time)), in the future",
                es: "la instantánea lleva la fecha \(RegistryText.date(time)), en el futuro"
            )
        }
    }

    private var hint: Text? {
        switch self {
        case .expired:
            Text(
                en: "ask for a new one; until then nothing is known about any account",
                es: "pida una nueva; mientras tanto no se sabe nada de ninguna cuenta"
            )
        case .unwitnessed:
            Text(
                en: "it may come from a registry that nobody else is shown",
                es: "puede venir de un registro que no se muestra a nadie más"
            )
        case .rolledBack, .equivocates, .olderLog, .notWitnessedThen:
            Text(
                en: "somebody may be hiding a newer one from you",
                es: "alguien puede estar ocultándole una más nueva"
            )
        default: nil
        }
    }
}

/// Failures that several commands share.
enum RegistryFailure {
    /// The fold would refuse the statement.
    static func refused(_ reason: Refusal) -> Failure {
        Failure(.notAllowed, RegistryText.refusal(reason))
    }

    /// A field of what a person asked for is out of its limits.
    static func invalid(_ error: StatementError) -> Failure {
        let field =
            switch error {
            case .invalidValue(let field), .missingField(let field), .unknownField(let field),
                .wrongType(let field):
                field
            default: "?"
            }
        return Failure(
            .usage,
            Text(
                en: "the statement cannot be written: “\(field)” is missing or not allowed",
                es: "no se puede escribir la declaración: «\(field)» falta o no está permitido"
            )
        )
    }

    /// A file could not be read or written.
    static func file(_ path: String, _ error: any Error) -> any Error {
        guard let error = error as? FileSystemError else { return error }
        let reason: Text =
            switch error {
            case .notFound: Text(en: "there is no such file", es: "no existe")
            case .exists: Text(en: "it exists already", es: "ya existe")
            case .notPermitted: Text(en: "permission denied", es: "permiso denegado")
            case .noSpace: Text(en: "the disk is full", es: "el disco está lleno")
            case .readOnly: Text(en: "the disk is read-only", es: "el disco es de solo lectura")
            case .locked: Text(en: "another command holds it", es: "lo usa otra orden")
            case .tooLarge: Text(en: "it is too large", es: "es demasiado grande")
            case .failed(_, _, let code): SystemReason(code).text
            }
        return Failure(.failed, Text(en: "\(path): \(reason.en)", es: "\(path): \(reason.es)"))
    }

    /// The log of this home, or the one in the exchange directory, failed.
    static func log(_ error: any Error, isOwn: Bool) -> any Error {
        if error is RegistryLogError || error is Failure { return error }
        if case FileSystemError.noSpace(let path) = error { return file(path, error) }
        if case FileSystemError.readOnly(let path) = error { return file(path, error) }
        if case FileSystemError.notPermitted(let path) = error { return file(path, error) }
        let kind: FailureClass = isOwn ? .storeDamaged : .doesNotVerify
        if let error = error as? TiledLogError, error == .locked {
            return Failure(
                .failed,
                Text(
                    en: "another command is writing to the registry",
                    es: "otra orden está escribiendo en el registro"
                ),
                hint: Text(en: "try again in a moment", es: "intente de nuevo en un momento")
            )
        }
        return Failure(
            kind,
            Text(
                en: "the registry's log is damaged or signed by another key",
                es: "el registro está dañado o firmado con otra llave"
            )
        )
    }

    /// There is no registry to look at.
    static let noRegistry = Failure(
        .notAllowed,
        Text(en: "there is no registry here", es: "aquí no hay ningún registro"),
        hint: Text(
            en: "`registry init` starts one; `--exchange DIR` follows somebody else's",
            es: "`registry init` crea uno; `--exchange DIRECTORIO` sigue el de alguien más"
        )
    )

    /// The registry has no charter yet.
    static let noCharter = Failure(
        .notAllowed,
        RegistryText.refusal(.noCharter),
        hint: Text(
            en: "`registry charter create` writes one; its root keys sign it",
            es: "`registry charter create` escribe una; la firman sus llaves raíz"
        )
    )
}
