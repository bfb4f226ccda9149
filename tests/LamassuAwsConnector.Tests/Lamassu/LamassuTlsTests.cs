using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Metadata;
using LamassuAwsConnector.Tests.Infrastructure;
using LamassuAwsConnector.Tests.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Tests.Lamassu;

/// <summary>Whom we trust, and how we show who we are, against a real TLS server; a private CA, as Lamassu's installations have.</summary>
public sealed class LamassuTlsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lamassu-tls");
    private readonly MadeCA ca = new("Private CA");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_of_a_private_CA_is_trusted_with_ca_cert_file_alone()
    {
        await using var server = await SecureLamassu.StartAsync(new SecureLamassuSettings(ca.IssueServer()));
        using var other = new MadeCA("Private CA");

        await GetAsync(server, ("ca_cert_file", ca.WritePem(folder.FullName)));
        await AssertRefusedAsync(server);
        await AssertRefusedAsync(server, ("ca_cert_file", other.WritePem(folder.FullName)));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Intermediate_certificates_that_the_server_sends_are_used()
    {
        using var intermediate = new MadeCA("Intermediate CA", ca);
        await using var server = await SecureLamassu.StartAsync(
            new SecureLamassuSettings(intermediate.IssueServer()) { Intermediates = [intermediate.Certificate] });

        await GetAsync(server, ("ca_cert_file", ca.WritePem(folder.FullName)));
    }

    [Theory]
    [InlineData("another.example.com", 30)]
    [InlineData("127.0.0.1", -1)]
    public async Task A_certificate_for_another_host_or_an_expired_one_is_refused_whoever_signed_it(string host, int validForDays)
    {
        await using var server = await SecureLamassu.StartAsync(new SecureLamassuSettings(ca.IssueServer(host, validForDays)));

        await AssertRefusedAsync(server, ("ca_cert_file", ca.WritePem(folder.FullName)));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task With_insecure_skip_verify_everybody_is_trusted()
    {
        await using var server = await SecureLamassu.StartAsync(new SecureLamassuSettings(ca.IssueServer("another.example.com")));

        await GetAsync(server, ("insecure_skip_verify", "true"));
    }

    [Fact]
    public async Task Which_client_trusts_everybody_is_said_at_start()
    {
        var log = new LogLines();
        await using var stage = await TestStage.StartAsync(
            Door.Http, log.Capture, [("dms_manager_client:insecure_skip_verify", "true"), .. LogLines.Settings]);

        var warning = Assert.Single(log.All, line => line.Contains("insecure_skip_verify", StringComparison.Ordinal));
        Assert.StartsWith("Warning", warning, StringComparison.Ordinal);
        Assert.Contains("dms_manager_client", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_mtls_we_show_our_certificate(bool inline)
    {
        using var certificate = ca.IssueClient("connector");
        await using var server = await SecureLamassu.StartAsync(
            new SecureLamassuSettings(ca.IssueServer()) { AsksForCertificate = true, ClientIssuer = ca.Certificate.Subject });
        var (certPem, keyPem) = (certificate.ExportCertificatePem(), certificate.GetECDsaPrivateKeyPem());

        await GetAsync(
            server,
            ("ca_cert_file", ca.WritePem(folder.FullName)),
            ("auth_mode", "mtls"),
            ("mtls_options:cert_file", inline ? certPem : Write(certPem)),
            ("mtls_options:key_file", inline ? keyPem : Write(keyPem)));
        await AssertRefusedAsync(server, ("ca_cert_file", ca.WritePem(folder.FullName)));

        Assert.Equal(certificate.Thumbprint, Assert.Single(server.Requests).ClientThumbprint);
    }

    [Fact]
    public async Task With_apikey_the_configured_header_goes_with_every_call()
    {
        await using var server = await SecureLamassu.StartAsync(new SecureLamassuSettings(ca.IssueServer()));

        await GetAsync(
            server,
            ("ca_cert_file", ca.WritePem(folder.FullName)),
            ("auth_mode", "apikey"),
            ("apikey_options:header", "X-Api-Key"),
            ("apikey_options:key", "k3y/+="));

        Assert.Equal("k3y/+=", Assert.Single(server.Requests).Headers["x-api-key"]);
    }

    [Theory]
    [InlineData("noauth")]
    [InlineData("")]
    [InlineData(null)]
    public async Task With_noauth_nothing_is_sent(string? mode)
    {
        await using var server = await SecureLamassu.StartAsync(new SecureLamassuSettings(ca.IssueServer()));

        await GetAsync(
            server, ("ca_cert_file", ca.WritePem(folder.FullName)), ("auth_mode", mode), ("apikey_options:header", "X-Api-Key"), ("apikey_options:key", "unused"));

        var request = Assert.Single(server.Requests);
        Assert.Null(request.Authorization);
        Assert.False(request.Headers.ContainsKey("X-Api-Key"));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    public async Task A_redirect_is_not_followed_as_it_would_carry_our_credentials_elsewhere(int status)
    {
        await using var server = await SecureLamassu.StartAsync(new SecureLamassuSettings(ca.IssueServer()));
        server.Status = request => request.Path == "/v1/elsewhere" ? 200 : status;
        await using var services = Services(server, TimeProvider.System, ("ca_cert_file", ca.WritePem(folder.FullName)));

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => services.GetRequiredService<LamassuClient>().GetCAAsync("ca-1", Cancellation));

        Assert.Equal((FailureKind.Unavailable, "lamassu_redirect"), (failure.Kind, failure.Code));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("auth_mode", "basic", "ca_client.auth_mode must be")]
    [InlineData("auth_mode", "jwt", "ca_client.auth_mode is jwt")]
    [InlineData("auth_mode", "mtls", "ca_client.auth_mode is mtls")]
    [InlineData("auth_mode", "apikey", "ca_client.auth_mode is apikey")]
    [InlineData("ca_cert_file", "/no/such/file", "ca_client.ca_cert_file")]
    public void What_a_mode_lacks_stops_the_start(string key, string value, string reason)
    {
        using var services = Services(new Uri("https://127.0.0.1:1"), TimeProvider.System, (key, value));

        var exception = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<LamassuOptions>>().Value);

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_certificate_stops_the_start_and_is_not_repeated()
    {
        using var certificate = ca.IssueClient("connector");
        using var other = ca.IssueClient("connector");
        var key = other.GetECDsaPrivateKeyPem();
        using var services = Services(
            new Uri("https://127.0.0.1:1"),
            TimeProvider.System,
            ("auth_mode", "mtls"),
            ("mtls_options:cert_file", certificate.ExportCertificatePem()),
            ("mtls_options:key_file", key));

        var exception = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<LamassuOptions>>().Value);

        Assert.Contains("ca_client.mtls_options can't be used", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Split('\n')[1], exception.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        ca.Dispose();
        folder.Delete(recursive: true);
    }

    internal static ServiceProvider Services(SecureLamassu server, TimeProvider time, params (string Key, string? Value)[] options) =>
        Services(server.Url, time, options);

    private static ServiceProvider Services(Uri url, TimeProvider time, params (string Key, string? Value)[] options)
    {
        var values = new Dictionary<string, string?> { ["connector_id"] = "aws.1" };
        foreach (var client in new[] { "ca_client", "device_manager_client", "dms_manager_client" })
        {
            values[$"{client}:base_url"] = url.ToString();
        }

        foreach (var (key, value) in options)
        {
            values[$"ca_client:{key}"] = value;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(time)
            .AddLogging(logging => logging.ClearProviders())
            .Configure<ConnectorOptions>(configuration)
            .AddLamassu()
            .BuildServiceProvider();
    }

    private static async Task GetAsync(SecureLamassu server, params (string Key, string? Value)[] options)
    {
        await using var services = Services(server, TimeProvider.System, options);

        Assert.Equal("ca-1", (await services.GetRequiredService<LamassuClient>().GetCAAsync("ca-1", Cancellation)).Id);
    }

    private static async Task AssertRefusedAsync(SecureLamassu server, params (string Key, string? Value)[] options)
    {
        await using var services = Services(server, TimeProvider.System, options);

        // A write, which is not tried again.
        var failure = await Assert.ThrowsAsync<ConnectorException>(
            () => services.GetRequiredService<LamassuClient>().UpdateCAMetadataAsync("ca-1", new MetadataPatch(), Cancellation));

        Assert.Equal((FailureKind.Unavailable, "lamassu_unreachable"), (failure.Kind, failure.Code));
    }

    private string Write(string pem)
    {
        var file = Path.Combine(folder.FullName, $"{Guid.NewGuid():N}.pem");
        File.WriteAllText(file, pem);
        return file;
    }
}
