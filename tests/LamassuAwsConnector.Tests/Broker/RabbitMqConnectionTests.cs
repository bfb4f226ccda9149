using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Tests.Infrastructure;
using LamassuAwsConnector.Tests.Security;
using RabbitMQ.Client;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>A broker that comes, goes and comes again, and one that wants TLS; each test has a node of its own.</summary>
public sealed class RabbitMqConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_connector_starts_without_a_broker_and_connects_whenever_there_is_one()
    {
        await using var node = new RabbitMqNode();
        Assert.SkipUnless(RabbitMqNode.IsInstalled, RabbitMqNode.NotInstalled);
        await using var stage = await TestStage.StartAsync(Door.Http, BrokerStage.Configuration(node.Port));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetReadyAsync(stage)).Status);

        await node.ConnectionAsync(Cancellation);
        await UntilAsync(async () => (await GetReadyAsync(stage)).Status == HttpStatusCode.OK);

        await node.KillAsync();
        await UntilAsync(async () => (await GetReadyAsync(stage)).Status == HttpStatusCode.ServiceUnavailable);

        // The pauses between attempts grow to about a minute.
        await node.ConnectionAsync(Cancellation);
        await UntilAsync(async () => (await GetReadyAsync(stage)).Status == HttpStatusCode.OK, TimeSpan.FromMinutes(5));
        await using var connection = await (await node.ConnectionAsync(Cancellation)).CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        await channel.BasicPublishAsync(BrokerStage.Events, "ca.create", mandatory: true, new BasicProperties(), "{not json"u8.ToArray(), Cancellation);
        await UntilAsync(async () => await channel.MessageCountAsync(BrokerStage.DeadLetterQueue, Cancellation) == 1);
    }

    [Fact]
    public async Task With_TLS_the_brokers_certificate_is_checked_and_ours_is_shown_and_names_the_user()
    {
        using var ca = new BrokerCA();
        await using var node = new RabbitMqNode
        {
            Settings =
            [
                $"listeners.ssl.1 = 127.0.0.1:{ca.Port}",
                $"ssl_options.cacertfile = {ca.CAFile}",
                $"ssl_options.certfile = {ca.ServerFile}",
                $"ssl_options.keyfile = {ca.ServerKeyFile}",
                "ssl_options.verify = verify_peer",
                "ssl_options.fail_if_no_peer_cert = true",
                "ssl_cert_login_from = common_name",
                "auth_mechanisms.1 = PLAIN",
                "auth_mechanisms.2 = EXTERNAL",
            ],
            Plugins = ["rabbitmq_auth_mechanism_ssl"],
        };
        await node.ConnectionAsync(Cancellation);
        (string, string?)[] address =
        [
            ("subscriber_event_bus:provider", "amqp"),
            ("subscriber_event_bus:protocol", "amqps"),
            ("subscriber_event_bus:hostname", "localhost"),
            ("subscriber_event_bus:port", $"{ca.Port}"),
        ];
        (string, string?)[] trust = [("subscriber_event_bus:ca_cert_file", ca.CAFile)];
        (string, string?)[] certificate =
        [
            ("subscriber_event_bus:client_tls_auth:enabled", "true"),
            ("subscriber_event_bus:client_tls_auth:cert_file", ca.ClientFile),
            ("subscriber_event_bus:client_tls_auth:key_file", ca.ClientKeyFile),
        ];

        // The certificate's user is the only one who may go there.
        await node.AddVirtualHostAsync("of-certificates", BrokerCA.Client, password: null, (".*", ".*", ".*"), Cancellation);
        (string, string?)[] ofCertificates = [("subscriber_event_bus:virtual_host", "of-certificates")];
        await using var stage = await TestStage.StartAsync(Door.Http, [.. address, .. trust, .. certificate, .. ofCertificates]);
        await UntilAsync(async () => (await GetReadyAsync(stage)).Status == HttpStatusCode.OK);

        await AssertNotConnectedAsync([.. address, .. certificate, .. ofCertificates]);
        await AssertNotConnectedAsync([.. address, .. trust]);

        // Its name is checked too: the certificate is for localhost.
        await AssertNotConnectedAsync([.. address, .. trust, .. certificate, .. ofCertificates, ("subscriber_event_bus:hostname", "127.0.0.1")]);
    }

    private static async Task AssertNotConnectedAsync((string Key, string? Value)[] configuration)
    {
        // The start looks once for the broker, and goes on without.
        using var log = new LogLines();
        await using var stage = await TestStage.StartAsync(Door.Http, log.Capture, [.. LogLines.Settings, .. configuration]);

        Assert.Contains(log.All, line => line.Contains("The broker can't be used yet", StringComparison.Ordinal));
        var (status, body) = await GetReadyAsync(stage);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.NotEqual("healthy", body["checks"]!["bus"]!["state"]!.GetValue<string>());
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> GetReadyAsync(TestStage stage)
    {
        using var response = await stage.Connector.GetAsync("/health/ready", Cancellation);
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!);
    }

    /// <summary>A CA that no system trusts, with certificates of it for the broker and for us, as files.</summary>
    private sealed class BrokerCA : IDisposable
    {
        public const string Client = "connector";

        private readonly string folder = Directory.CreateTempSubdirectory("broker-ca").FullName;

        public BrokerCA()
        {
            using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=Broker CA", caKey, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
            var now = TimeProvider.System.GetUtcNow();
            using var ca = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
            File.WriteAllText(CAFile, ca.ExportCertificatePem());
            Issue(ca, "localhost", "1.3.6.1.5.5.7.3.1", ServerFile, ServerKeyFile);
            Issue(ca, Client, "1.3.6.1.5.5.7.3.2", ClientFile, ClientKeyFile);
        }

        public int Port { get; } = FreePort.Take();

        public string CAFile => Path.Combine(folder, "ca.pem");

        public string ServerFile => Path.Combine(folder, "server.pem");

        public string ServerKeyFile => Path.Combine(folder, "server.key");

        public string ClientFile => Path.Combine(folder, "client.pem");

        public string ClientKeyFile => Path.Combine(folder, "client.key");

        public void Dispose() => Directory.Delete(folder, recursive: true);

        private static void Issue(X509Certificate2 ca, string name, string purpose, string file, string keyFile)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
            using var certificate = request.Create(ca, ca.NotBefore, ca.NotAfter, RandomNumberGenerator.GetBytes(8));
            File.WriteAllText(file, certificate.ExportCertificatePem());
            File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        }
    }
}
