extension ConfigurationDecoder {
    func platform(_ section: inout ConfigurationSection) -> Configuration.Platform {
        defer { section.finish() }
        let address = section.required(
            "url", .platformURL, "give the platform's address, such as https://platform.example")
        let certificate = section.required("certificate", .path(base), "give the PEM file of this box's certificate")
        let key = section.required(
            "key", .path(base, isSecret: true), "give the PEM file of the certificate's private key")
        var platform = Configuration.Platform(
            url: address?.text ?? "", host: address?.host ?? "", port: address?.port ?? 443,
            certificate: certificate ?? "", key: key ?? "", ca: section.value("ca", .path(base)))
        platform.feedKeys = section.sections("feed_keys", maximum: 32).map { section in
            var section = section
            defer { section.finish() }
            let kid = section.required("kid", .text(maximum: 64), "give the key's id, as the platform's pages name it")
            let key = section.required("public_key", .ed25519, "give the key's x value: 43 letters of base64url")
            return Configuration.FeedKey(kid: kid ?? "", publicKey: key ?? [])
        }
        platform.pollInterval =
            section.value("poll_interval", .duration(.seconds(1) ... .seconds(86_400))) ?? platform.pollInterval
        var batch = section.section("batch")
        platform.batch.maxEvents = batch.value("max_events", .integer(1...10_000)) ?? platform.batch.maxEvents
        platform.batch.maxBytes = batch.value("max_bytes", .size(10_000...16_000_000)) ?? platform.batch.maxBytes
        platform.batch.maxAge = batch.value("max_age", .duration(.zero ... .seconds(3_600))) ?? platform.batch.maxAge
        platform.batch.maxPerMinute = batch.value("max_per_minute", .integer(1...60_000))
        batch.finish()
        let limits = Duration.seconds(1) ... .seconds(600)
        platform.timeout = section.value("timeout", .duration(limits)) ?? platform.timeout
        platform.connectTimeout = section.value("connect_timeout", .duration(limits)) ?? platform.connectTimeout
        platform.compression = section.value("compression", .word) ?? platform.compression
        platform.proxy = proxy(&section)
        platform.minimumTLS = section.value("minimum_tls", .word) ?? platform.minimumTLS
        platform.connectionAge =
            section.value("connection_age", .duration(.seconds(10) ... .seconds(86_400))) ?? platform.connectionAge
        let jitter = ConfigurationValue<Duration>.duration(.zero ... .seconds(3_600))
        // A platform on this machine has no fleet.
        let usual: Duration = platform.isLoopback ? .zero : platform.startJitter
        platform.startJitter = section.value("start_jitter", jitter) ?? usual
        platform.reconnectJitter = section.value("reconnect_jitter", jitter) ?? usual
        return platform
    }

    private func proxy(_ section: inout ConfigurationSection) -> Configuration.Proxy? {
        let isGiven = section.gives("proxy")
        var proxy = section.section("proxy")
        defer { proxy.finish() }
        guard isGiven else { return nil }
        let url = proxy.required("url", .proxyURL, "give the proxy's address, such as http://proxy.example:3128")
        let file = proxy.value("credentials_file", .path(base, isSecret: true))
        return Configuration.Proxy(url: url ?? "", credentialsFile: file)
    }
}
