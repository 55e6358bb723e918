// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why the system refused something, in words.
package struct SystemReason: Sendable {
    /// The number in `errno`.
    package let code: Int32

    package init(_ code: Int32) { self.code = code }

    /// The reason for a person.
    package var text: Text {
        switch code {
        case ENOENT: Text(en: "it does not exist", es: "no existe")
        case EACCES, EPERM: Text(en: "permission denied", es: "permiso denegado")
        case EISDIR: Text(en: "it is a directory", es: "es un directorio")
        case ENOTDIR: Text(en: "not a directory", es: "no es un directorio")
        case EEXIST: Text(en: "it exists already", es: "ya existe")
        case ENOTEMPTY: Text(en: "it is not empty", es: "no está vacío")
        case ENOSPC, EDQUOT: Text(en: "the disk is full", es: "el disco está lleno")
        case EROFS: Text(en: "the disk is read-only", es: "el disco es de solo lectura")
        case ELOOP: Text(en: "symbolic links go in circles", es: "enlaces simbólicos en círculo")
        case ENAMETOOLONG: Text(en: "the name is too long", es: "el nombre es demasiado largo")
        case EMFILE, ENFILE: Text(en: "too many open files", es: "demasiados archivos abiertos")
        case ESPIPE, ENXIO: Text(en: "it is no ordinary file", es: "no es un archivo ordinario")
        case EFBIG: Text(en: "it is too long", es: "es demasiado largo")
        case EBADMSG: Text(en: "its content is damaged", es: "su contenido está dañado")
        case EBADF: Text(en: "it is closed", es: "está cerrado")
        case EIO: Text(en: "the device failed", es: "el dispositivo falló")
        default:
            Text(en: "system error \(code)", es: "error del sistema \(code)")
        }
    }
}
