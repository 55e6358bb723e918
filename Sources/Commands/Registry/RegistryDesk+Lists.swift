// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry

extension RegistryDesk {
    /// Reads a list of accounts that somebody wrote.
    ///
    /// - Returns: The list.
    /// - Throws: `.failed` with the line that is wrong; as ``RegistryHome/read(_:countMax:)`` does.
    func accountList(_ path: String) throws -> AccountList {
        let bytes = try RegistryHome.read(path, countMax: AccountList.byteCountMax)
        switch AccountList.parse(bytes) {
        case .success(let list): return list
        case .failure(let error):
            throw Failure(
                .failed,
                Text(
                    en: "\(path), line \(error.number): no account, or one that is there twice",
                    es: "\(path), línea \(error.number): no es una cuenta, o está repetida"
                )
            )
        }
    }

    /// Keeps a list of accounts beside the log, and leaves it where statements are exchanged.
    ///
    /// - Throws: When it cannot be written.
    func keep(_ list: AccountList) throws {
        guard !list.accounts.isEmpty else { return }
        try home.makeDirectory("lists")
        try RegistryHome.write(home.path("lists/\(list.digest.hex).jsonl"), list.bytes)
        try exchange?.leave(list)
    }
}
