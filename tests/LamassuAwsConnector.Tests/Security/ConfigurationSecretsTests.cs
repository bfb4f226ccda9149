using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LamassuAwsConnector.Api.Configuration;
using LamassuAwsConnector.Tests.Configuration;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Security;

/// <summary>No secret in what <c>--check-config</c> prints, whether the configuration is right or wrong.</summary>
[Collection(nameof(ProcessEnvironment))]
public sealed class ConfigurationSecretsTests
{
    private readonly Canaries canaries = new();

    [Theory]
    [InlineData("", 0)]
    [InlineData("logs: { level: loud }", 1)]
    public async Task The_effective_configuration_shows_none(string more, int exitCode)
    {
        var seen = await WrittenConfiguration.CheckAsync(File() + more, [("AMQP_PASSWORD", canaries["bus password"])]);

        Assert.True(seen.ExitCode == exitCode, seen.Errors);
        Assert.Equal(13, seen.Output.Split(OptionText.Mask).Length - 1);
        Assert.Contains("username: connector", seen.Output, StringComparison.Ordinal);
        canaries.AssertNoneIn([("the configuration", seen.Output), ("errors", seen.Errors)]);
    }

    [Theory]
    [InlineData("aws_config: { secret_access_key: {0} {0}: }")]
    [InlineData("aws_config: { secret_access_key: *{0} }")]
    [InlineData("aws_config:\n  secret_access_key: \"{0}")]
    [InlineData("aws_config:\n  secret_access_key: {0}: {0}")]
    [InlineData("aws_config: { secret_access_key: [{0}, {0}] }")]
    [InlineData("aws_config: {0}")]
    [InlineData("aws_config: { session_token: {0} }")]
    [InlineData("ca_client: { base_url: \"ftp://me:{0}@lamassu\" }")]
    [InlineData("ca_client: { base_url: \"me:{0}@lamassu\" }")]
    [InlineData("ca_client: { auth_mode: mtls, mtls_options: { cert_file: \"-----BEGIN CERTIFICATE-----{0}\", key_file: {0} } }")]
    [InlineData("ca_client: { auth_mode: apikey, apikey_options: { header: x, key: \"{0}\\u0007\" } }")]
    [InlineData("subscriber_event_bus: { basic_auth: {0} }")]
    public async Task What_is_wrong_is_said_without_it(string yaml)
    {
        var seen = await WrittenConfiguration.CheckAsync(yaml.Replace("{0}", canaries["misplaced secret"], StringComparison.Ordinal));

        Assert.Equal(1, seen.ExitCode);
        canaries.AssertNoneIn([("the configuration", seen.Output), ("errors", seen.Errors)]);
    }

    private string File()
    {
        var (certificate, key) = ClientCertificate();
        return $$"""
            connector_id: aws-iot-prod
            aws_config:
              region: eu-west-1
              access_key_id: {{canaries["aws access key"]}}
              secret_access_key: {{canaries["aws secret key"]}}
              session_token: {{canaries["aws session token"]}}
              endpoint_url: http://me:{{canaries["password of AWS's address"]}}@localhost:4566
            subscriber_event_bus:
              provider: amqp
              hostname: rabbitmq
              protocol: amqps
              basic_auth: { enabled: true, username: connector, password: "${AMQP_PASSWORD}" }
              client_tls_auth: { enabled: true, cert_file: {{Quoted(certificate)}}, key_file: {{Quoted(key)}} }
            ca_client:
              base_url: https://{{canaries["token in an address"]}}@lamassu/api/ca
              auth_mode: jwt
              jwt_options:
                oidc_client_id: connector
                oidc_client_secret: {{canaries["client secret"]}}
                oidc_well_known: "https://a:{{canaries["password of an address"]}}@k"
            device_manager_client:
              base_url: https://lamassu/api/devmanager
              auth_mode: apikey
              apikey_options: { header: X-Api-Key, key: {{canaries["api key"]}} }
            dms_manager_client:
              base_url: https://lamassu/api/dmsmanager
              auth_mode: mtls
              mtls_options: { cert_file: {{Quoted(certificate)}}, key_file: {{Quoted(key)}} }

            """;
    }

    // The certificate is no secret; as PEM text it is masked with its key.
    private static (string Certificate, string Key) ClientCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=connector", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static string Quoted(string pem) => $"\"{pem.ReplaceLineEndings("\\n")}\"";
}
