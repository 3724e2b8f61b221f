import Glibc

/// Who else has a port, and whom it belongs to: what a technician would ask `fuser` and `ls -l`.
enum PortHolder {
    /// `ModemManager (process 612)`: the first process that has `path` open, nil when /proc tells nothing (another user's
    /// processes are hidden from everybody but root).
    static func name(of path: String, proc: String = "/proc") -> String? {
        guard let target = realPath(path) else { return nil }
        let own = "\(getpid())"
        for process in entries(proc) where process.allSatisfy(\.isNumber) && process != own {
            let folder = "\(proc)/\(process)/fd"
            guard entries(folder).contains(where: { link("\(folder)/\($0)") == target }) else { continue }
            let command = firstLine("\(proc)/\(process)/comm") ?? "a program"
            return "\(command) (process \(process))"
        }
        return nil
    }

    /// `user root, group dialout, mode 660; we are user footbridge`.
    static func owner(of path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let mode = String(status.st_mode & 0o777, radix: 8)
        return
            "user \(user(status.st_uid)), group \(group(status.st_gid)), mode \(mode); we are user \(user(geteuid()))"
    }

    private static func user(_ id: uid_t) -> String {
        var entry = passwd()
        var buffer = [CChar](repeating: 0, count: 4096)
        var result: UnsafeMutablePointer<passwd>?
        guard getpwuid_r(id, &entry, &buffer, buffer.count, &result) == 0, result != nil, let name = entry.pw_name
        else { return "\(id)" }
        return String(cString: name)
    }

    private static func group(_ id: gid_t) -> String {
        var entry = Glibc.group()
        var buffer = [CChar](repeating: 0, count: 4096)
        var result: UnsafeMutablePointer<Glibc.group>?
        guard getgrgid_r(id, &entry, &buffer, buffer.count, &result) == 0, result != nil, let name = entry.gr_name
        else { return "\(id)" }
        return String(cString: name)
    }

    /// The path with every link followed, nil when it leads nowhere.
    static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// The names in a folder, sorted; none when it cannot be read.
    static func entries(_ folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Where a symbolic link points, nil when it is none.
    static func link(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { bytes -> Int in
            guard let start = bytes.baseAddress else { return 0 }
            return readlink(path, start.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    /// The first line of a small file such as those of sysfs.
    static func firstLine(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].prefix { $0 != 0x0A }, as: UTF8.self)
    }
}
