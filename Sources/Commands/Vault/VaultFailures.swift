// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Storage
internal import Vault

extension FileFailure: DescribedFailure {
    package var failure: Failure {
        let reason = SystemReason(code).text
        let name = path.text
        let did = Self.words[operation] ?? Text(en: "use", es: "usar")
        let message = Text(
            en: "cannot \(did.en) \(name): \(reason.en)",
            es: "no se puede \(did.es) \(name): \(reason.es)"
        )
        if isFull {
            return Failure(
                .failed,
                message,
                hint: Text(
                    en: "free some space and run the command again; nothing was lost",
                    es: "libere espacio y repita la orden; no se perdió nada"
                )
            )
        }
        return Failure(.failed, message)
    }

    private static let words: [Operation: Text] = [
        .open: Text(en: "open", es: "abrir"),
        .create: Text(en: "create", es: "crear"),
        .read: Text(en: "read", es: "leer"),
        .write: Text(en: "write", es: "escribir"),
        .sync: Text(en: "sync", es: "sincronizar"),
        .inspect: Text(en: "find", es: "encontrar"),
        .list: Text(en: "list", es: "listar"),
        .rename: Text(en: "put in place", es: "poner en su lugar"),
        .remove: Text(en: "remove", es: "eliminar"),
        .lock: Text(en: "lock", es: "bloquear"),
        .makeDirectory: Text(en: "make the directory", es: "crear el directorio"),
    ]
}

extension VaultError: DescribedFailure {
    package var failure: Failure {
        homeFailure ?? keyringFailure ?? recoveryFailure ?? caseFailure
            ?? colleagueFailure ?? originalFailure
            ?? depositFailure ?? itemFailure ?? logFailure
            ?? Failure(.failed, Text(en: "the vault failed", es: "la bóveda falló"))
    }

    private var homeFailure: Failure? {
        switch self {
        case .homeMissing(let path):
            Failure(
                .notAllowed,
                Text(en: "there is no vault in \(path.text)", es: "no hay bóveda en \(path.text)"),
                hint: Text(
                    en: "make one with: resguardo init",
                    es: "cree una con: resguardo init"
                )
            )
        case .homeExists(let path):
            Failure(
                .notAllowed,
                Text(
                    en: "there is a vault in \(path.text) already",
                    es: "ya hay una bóveda en \(path.text)"
                )
            )
        case .keyringTooNew:
            Failure(
                .notAllowed,
                Text(
                    en: "this vault was written by another version of the program",
                    es: "esta bóveda fue escrita por otra versión del programa"
                )
            )
        default: nil
        }
    }

    private var keyringFailure: Failure? {
        switch self {
        case .keyringDamaged:
            Failure(
                .storeDamaged,
                Text(en: "the keyring is damaged", es: "el llavero está dañado"),
                hint: Text(
                    en: "put back a copy of the file “keyring” of this home, or recover with the"
                        + " recovery key",
                    es: "reponga una copia del archivo «keyring» de este directorio, o recupere"
                        + " con la llave de recuperación"
                )
            )
        case .keyringTooWeak:
            Failure(
                .notAllowed,
                Text(
                    en: "the keyring is protected too weakly against guessing",
                    es: "el llavero está muy poco protegido contra intentos de adivinar"
                ),
                hint: Text(
                    en: "a keyring made with --demo opens with --demo only, and is for trying out",
                    es: "un llavero creado con --demo solo abre con --demo, y es para probar"
                )
            )
        case .wrongPassphrase:
            Failure(
                .wrongPassphrase,
                Text(en: "wrong passphrase", es: "contraseña incorrecta")
            )
        case .outOfMemory:
            Failure(
                .failed,
                Text(
                    en: "there is not enough memory to open the keyring: 512 MiB are needed",
                    es: "falta memoria para abrir el llavero: se necesitan 512 MiB"
                )
            )
        case .invalidPassphrase:
            Failure(
                .usage,
                Text(
                    en: "a passphrase has 1 to 1024 bytes",
                    es: "una contraseña tiene de 1 a 1024 bytes"
                )
            )
        default: nil
        }
    }

    private var caseFailure: Failure? {
        switch self {
        case .caseMissing(let name):
            Failure(
                .notAllowed,
                Text(en: "there is no case “\(name)”", es: "no hay ningún caso «\(name)»"),
                hint: Text(
                    en: "see: resguardo case list",
                    es: "vea: resguardo case list"
                )
            )
        case .caseExists(let name):
            Failure(
                .notAllowed,
                Text(en: "there is a case “\(name)” already", es: "ya hay un caso «\(name)»")
            )
        case .invalidCaseName:
            Failure(
                .usage,
                Text(
                    en: "a case name has 1 to 200 bytes and no control characters",
                    es: "el nombre de un caso tiene de 1 a 200 bytes, sin caracteres de control"
                )
            )
        case .caseRecordDamaged(let pseudonym):
            Failure(
                .storeDamaged,
                Text(
                    en: "the record of case \(pseudonym) is damaged",
                    es: "el registro del caso \(pseudonym) está dañado"
                )
            )
        case .noReadKey(let name):
            Failure(
                .notAllowed,
                Text(
                    en: "the key that reads “\(name)” is not on this device",
                    es: "la llave que lee «\(name)» no está en este dispositivo"
                ),
                hint: Text(
                    en: "give the recovery key with --recovery-key-file FILE",
                    es: "indique la llave de recuperación con --recovery-key-file ARCHIVO"
                )
            )
        default: nil
        }
    }

    private var originalFailure: Failure? {
        switch self {
        case .nothingToDeposit:
            Failure(
                .usage,
                Text(en: "there is nothing to deposit", es: "no hay nada que depositar")
            )
        case .changedWhileRead(let path):
            Failure(
                .failed,
                Text(
                    en: "\(path.text) changed while it was being deposited",
                    es: "\(path.text) cambió mientras se depositaba"
                ),
                hint: Self.runAgain
            )
        case .vanishedWhileRead(let path):
            Failure(
                .failed,
                Text(
                    en: "\(path.text) vanished while it was being deposited",
                    es: "\(path.text) desapareció mientras se depositaba"
                ),
                hint: Self.runAgain
            )
        case .notAFile(let path):
            Failure(
                .failed,
                Text(
                    en: "\(path.text) is neither a file nor a directory",
                    es: "\(path.text) no es un archivo ni un directorio"
                )
            )
        case .invalidStreamName(let limit):
            Failure(
                .usage,
                Text(
                    en: "--stdin takes a name of 1 to \(limit) bytes, without slash, and not"
                        + " “.” or “..”",
                    es: "--stdin lleva un nombre de 1 a \(limit) bytes, sin barra, y que no sea"
                        + " «.» ni «..»"
                )
            )
        default: nil
        }
    }

    private var depositFailure: Failure? {
        switch self {
        case .duplicateName(let path):
            Failure(
                .usage,
                Text(
                    en: "another input has the same name as \(path.text)",
                    es: "otra entrada tiene el mismo nombre que \(path.text)"
                ),
                hint: Text(
                    en: "deposit them one by one, or the directory that holds them",
                    es: "deposítelas una por una, o el directorio que las contiene"
                )
            )
        case .tooDeep(let path, let limit):
            Failure(
                .failed,
                Text(
                    en: "\(path.text) lies more than \(limit) directories deep",
                    es: "\(path.text) está a más de \(limit) directorios de profundidad"
                )
            )
        case .tooManyFiles(let limit):
            Failure(
                .failed,
                Text(
                    en: "these are more than \(limit) files and directories, too many for one item",
                    es: "son más de \(limit) archivos y directorios, demasiados para un solo objeto"
                ),
                hint: Self.severalItems
            )
        case .evidenceTooLong(let limit):
            Failure(
                .failed,
                Text(
                    en: "the names of these files fill more than \(limit >> 20) MiB, too many for"
                        + " one item",
                    es: "los nombres de estos archivos ocupan más de \(limit >> 20) MiB, demasiado"
                        + " para un solo objeto"
                ),
                hint: Self.severalItems
            )
        case .noteTooLong(let limit):
            Failure(
                .usage,
                Text(
                    en: "a note has at most \(limit) bytes",
                    es: "una nota tiene como máximo \(limit) bytes"
                )
            )
        default: nil
        }
    }

    private static let severalItems = Text(
        en: "deposit the directory in several items",
        es: "deposite el directorio en varios objetos"
    )
    private static let runAgain = Text(
        en: "nothing was deposited; run the command again",
        es: "no se depositó nada; repita la orden"
    )

    private var itemFailure: Failure? {
        switch self {
        case .itemMissing(let name):
            Failure(
                .notAllowed,
                Text(
                    en: "there is no item “\(name)” in this case",
                    es: "no hay ningún objeto «\(name)» en este caso"
                ),
                hint: Text(
                    en: "see: resguardo list CASE",
                    es: "vea: resguardo list CASO"
                )
            )
        case .itemAmbiguous(let name):
            Failure(
                .usage,
                Text(
                    en: "several items begin with “\(name)”: give more digits",
                    es: "varios objetos empiezan con «\(name)»: indique más dígitos"
                )
            )
        case .objectMissing(let name):
            Failure(
                .storeDamaged,
                Text(
                    en: "the sealed object \(name) is missing from the store",
                    es: "falta en el almacén el objeto sellado \(name)"
                ),
                hint: Self.verifyStore
            )
        case .objectDamaged(let name):
            Failure(
                .storeDamaged,
                Text(
                    en: "the sealed object \(name) is damaged or was swapped",
                    es: "el objeto sellado \(name) está dañado o fue cambiado"
                ),
                hint: Self.verifyStore
            )
        case .contentMismatch(let name):
            Failure(
                .doesNotVerify,
                Text(
                    en: "the evidence inside item \(name) is not the one that was receipted",
                    es: "la evidencia dentro del objeto \(name) no es la que tiene recibo"
                )
            )
        case .originalMismatch(let path):
            Failure(
                .storeDamaged,
                Text(
                    en: "\(path.text) is not the file that its evidence describes",
                    es: "\(path.text) no es el archivo que describe su evidencia"
                )
            )
        case .malformedItem(let what):
            Failure(
                .doesNotVerify,
                Text(
                    en: "the item's archive breaks the rules of its format (\(what))",
                    es: "el archivo del objeto no respeta su formato (\(what))"
                )
            )
        case .destinationExists(let path):
            Failure(
                .notAllowed,
                Text(en: "\(path.text) exists already", es: "\(path.text) ya existe"),
                hint: Text(
                    en: "choose another --output, or replace files, not links, with --force",
                    es: "elija otro --output, o reemplace archivos, no enlaces, con --force"
                )
            )
        default: nil
        }
    }

    private static let verifyStore = Text(
        en: "see what else is damaged: resguardo verify --full",
        es: "vea qué más está dañado: resguardo verify --full"
    )

    private var logFailure: Failure? {
        switch self {
        case .statementDamaged(let index):
            Failure(
                .storeDamaged,
                Text(
                    en: "the statement of log entry \(index) is missing or damaged",
                    es: "falta o está dañada la declaración de la entrada \(index) del registro"
                ),
                hint: Self.verifyStore
            )
        case .logDamaged:
            Failure(
                .storeDamaged,
                Text(en: "the vault's log is damaged", es: "el registro de la bóveda está dañado"),
                hint: Self.verifyStore
            )
        case .tooManyEntries(let limit):
            Failure(
                .notAllowed,
                Text(
                    en: "this vault's log is full: it has \(limit) entries or more",
                    es: "el registro de esta bóveda está lleno: tiene \(limit) entradas o más"
                ),
                hint: Text(
                    en: "make another vault for what comes next: resguardo init --home DIR",
                    es: "cree otra bóveda para lo que sigue: resguardo init --home DIR"
                )
            )
        case .malformedAnchor:
            Failure(
                .doesNotVerify,
                Text(
                    en: "an anchor is neither a receipt nor a checkpoint nor a time stamp",
                    es: "un ancla no es ni un recibo ni un punto de control ni un sello de tiempo"
                )
            )
        case .checkpointDamaged(let name):
            Failure(
                .storeDamaged,
                Text(
                    en: "the kept checkpoint or time stamp \(name) is damaged",
                    es: "está dañado el punto de control o sello de tiempo \(name)"
                ),
                hint: Self.verifyStore
            )
        case .malformedReceipt(let line):
            Failure(
                .doesNotVerify,
                Text(
                    en: "this is no receipt: line \(line) is malformed",
                    es: "esto no es un recibo: la línea \(line) está mal formada"
                )
            )
        case .invalidBag(let flaw): Failure(.doesNotVerify, flaw.text)
        case .invalidReceipt(let flaw):
            Failure(.doesNotVerify, Self.text(of: flaw))
        default: nil
        }
    }

    private static func text(of flaw: ReceiptFlaw) -> Text {
        switch flaw {
        case .statementSignature:
            Text(
                en: "the depositor's signature on the receipt's statement is wrong",
                es: "la firma del depositante en la declaración del recibo es incorrecta"
            )
        case .checkpointSignature:
            Text(
                en: "the log's signature on the receipt's checkpoint is wrong",
                es: "la firma del registro en el punto de control del recibo es incorrecta"
            )
        case .inclusion:
            Text(
                en: "the receipt does not prove that the log has this deposit",
                es: "el recibo no prueba que el registro tenga este depósito"
            )
        case .otherLog:
            Text(
                en: "the receipt is of another log than the one asked for",
                es: "el recibo es de otro registro que el indicado"
            )
        }
    }
}
