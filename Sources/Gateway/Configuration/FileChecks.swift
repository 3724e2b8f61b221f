import Glibc
import POSFeed

/// Whether the files that a configuration names are there and readable: what else would stop the start a moment later.
struct FileChecks {
    let configuration: Configuration
    let collector: ConfigurationCollector

    func run() {
        let platform = configuration.platform
        readable(platform.certificate, "platform.certificate")
        readable(platform.key, "platform.key", isSecret: true)
        readable(platform.ca, "platform.ca")
        // The uplink refuses to read it otherwise.
        readable(
            platform.proxy?.credentialsFile, "platform.proxy.credentials_file", isSecret: true, mustBePrivate: true)
        readable(configuration.subjects.hashKeyFile, "subjects.hash_key_file", isSecret: true)
        if collector.mistakes.isEmpty {
            do {
                _ = try configuration.hashKey(at: { collector.position(of: $0) })
            } catch {
                for mistake in error.mistakes {
                    collector.wrong(mistake.path, at: mistake.position, mistake.problem, mistake.remedy)
                }
            }
        }
        readable(configuration.subjects.file, "subjects.file")
        for (index, radio) in configuration.radios.enumerated() {
            if case .btsnoop(let path, _) = radio.source { readable(path, "radios[\(index)].source.btsnoop") }
        }
        for (index, feed) in configuration.feeds.enumerated() { check(feed.port, "feeds[\(index)].port") }
        for (index, till) in configuration.tills.enumerated() {
            check(till.port, "tills[\(index)].port")
            do {
                _ = try configuration.templates(of: index) { collector.position(of: $0) }
            } catch {
                collector.adopt(error.mistakes)
            }
        }
    }

    private func check(_ port: Configuration.Till.Port, _ section: String) {
        switch port {
        case .capture(let path, _): readable(path, "\(section).capture")
        case .tty(let path, _, _, _, _):
            // No mistake: the daemon waits for a port that is unplugged.
            if !path.isEmpty, access(path, F_OK) != 0 {
                collector.warn("\(section).tty", "there is no such port now", "plug the adapter in")
            }
        case .usb(let numbers, _, _, _, _, _):
            if !numbers.isEmpty, !USBAdapter.ports().contains(where: { $0.adapter.numbers == numbers }) {
                collector.warn("\(section).usb", "there is no such adapter now", "plug the adapter in")
            }
        case .file(let path, _):
            if !path.isEmpty, access(path, F_OK) != 0 {
                collector.warn("\(section).file", "there is no such file now", "check the path; it may come later")
            }
        case .listen, .connect, .feed: break
        }
    }

    private func readable(_ path: String?, _ key: String, isSecret: Bool = false, mustBePrivate: Bool = false) {
        guard let path, !path.isEmpty else { return }
        // The path of a secret is not shown: somebody may have pasted the secret itself.
        let shown = isSecret ? "the file" : ConfigurationCollector.shown(path)
        // Opened without waiting: a pipe without a writer would hold the check for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else {
            let number = errno
            let reason = number == ENOENT ? "does not exist" : "can't be read (\(String(cString: strerror(number))))"
            let remedy = number == EACCES ? "let the service's user read it" : "check the path"
            return collector.wrong(key, "\(shown) \(reason)", remedy)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            collector.wrong(key, "\(shown) is a directory", "give the path of a file")
        } else if isSecret, status.st_mode & 0o077 != 0 {
            let (problem, remedy) = ("other users may read or change this secret", "run chmod 600 on the file")
            if mustBePrivate { collector.wrong(key, problem, remedy) } else { collector.warn(key, problem, remedy) }
        }
    }
}
