using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace LamassuAwsConnector.Tests.Lamassu;

/// <summary>A TLS server in Lamassu's place, with a token issuer, certified by a CA that no system trusts.</summary>
internal sealed class SecureLamassu : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly ConcurrentQueue<SeenRequest> requests = new();

    private SecureLamassu(SecureLamassuSettings settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel((KestrelServerOptions kestrel) => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = settings.Certificate;
            https.ServerCertificateChain = [.. settings.Intermediates];
            https.ClientCertificateMode = settings.AsksForCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => certificate.Issuer == settings.ClientIssuer;
        })));
        builder.WebHost.UseKestrelHttpsConfiguration();
        application = builder.Build();
        application.Run(HandleAsync);
    }

    public Uri Url => new(application.Urls.First());

    /// <summary>The requests so far, those for tokens included.</summary>
    public IReadOnlyList<SeenRequest> Requests => [.. requests];

    public IReadOnlyList<SeenRequest> TokenRequests => [.. requests.Where(request => request.Path == "/token")];

    /// <summary>How the token endpoint answers, by the number of the request from 1 on.</summary>
    public Func<SeenRequest, int, (int Status, string Body)> Token { get; set; } = (_, number) => (200, $$"""{"access_token":"token-{{number}}","expires_in":300}""");

    /// <summary>How a call of Lamassu is answered.</summary>
    public Func<SeenRequest, int> Status { get; set; } = _ => 200;

    public static async Task<SecureLamassu> StartAsync(SecureLamassuSettings settings)
    {
        var server = new SecureLamassu(settings);
        await server.application.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var seen = new SeenRequest(
            context.Request.Method,
            context.Request.Path,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync(context.RequestAborted),
            context.Connection.ClientCertificate?.Thumbprint);
        requests.Enqueue(seen);
        var (status, body) = seen.Path switch
        {
            "/.well-known/openid-configuration" => (200, $$"""{"token_endpoint":"{{Url}}token"}"""),
            "/token" => Token(seen, TokenRequests.Count),
            _ => (Status(seen), """{"id":"ca-1"}"""),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.Location = status is >= 300 and < 400 ? "/v1/elsewhere" : default;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }
}

internal sealed record SeenRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body, string? ClientThumbprint)
{
    public string? Authorization => Headers.GetValueOrDefault("Authorization");
}

internal sealed record SecureLamassuSettings(X509Certificate2 Certificate)
{
    public IReadOnlyList<X509Certificate2> Intermediates { get; init; } = [];

    public bool AsksForCertificate { get; init; }

    public string ClientIssuer { get; init; } = "";
}

/// <summary>A CA made for one test.</summary>
internal sealed class MadeCA : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public MadeCA(string name, MadeCA? parent = null)
    {
        var request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        Certificate = parent is null
            ? request.CreateSelfSigned(Now.AddDays(-10), Now.AddDays(100))
            : request.Create(parent.Certificate, Now.AddDays(-5), Now.AddDays(90), RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(key);
    }

    public X509Certificate2 Certificate { get; }

    public X509Certificate2 IssueServer(string host = "127.0.0.1", int validForDays = 30)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        return Issue(host, "1.3.6.1.5.5.7.3.1", validForDays, names);
    }

    public X509Certificate2 IssueClient(string name) => Issue(name, "1.3.6.1.5.5.7.3.2", 30, new SubjectAlternativeNameBuilder());

    public string WritePem(string folder)
    {
        var file = Path.Combine(folder, $"{Guid.NewGuid():N}.pem");
        File.WriteAllText(file, Certificate.ExportCertificatePem());
        return file;
    }

    public void Dispose()
    {
        Certificate.Dispose();
        key.Dispose();
    }

    private static CertificateRequest Request(string name, ECDsa key) => new($"CN={name}", key, HashAlgorithmName.SHA256);

    private X509Certificate2 Issue(string name, string purpose, int validForDays, SubjectAlternativeNameBuilder names)
    {
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(name, leafKey);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        request.CertificateExtensions.Add(names.Build());
        return request.Create(Certificate, Now.AddDays(-2), Now.AddDays(validForDays), RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(leafKey);
    }
}

internal static class PrivateKeyPem
{
    public static string GetECDsaPrivateKeyPem(this X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }
}
