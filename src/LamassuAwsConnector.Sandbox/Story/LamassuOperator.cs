using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Story;

/// <summary>What an operator does in Lamassu, and what a device does at its EST endpoint, over Lamassu's own routes.</summary>
internal sealed class LamassuOperator(Uri caUrl, Uri dmsManagerUrl) : IDisposable
{
    private readonly HttpClient client = new();

    public async Task<string> CreateProfileAsync(CancellationToken cancellationToken)
    {
        var profile = await SendAsync(HttpMethod.Post, new Uri(caUrl, "/v1/profiles"), Profile(), cancellationToken);
        return profile["id"]!.GetValue<string>();
    }

    public Task<JsonObject> CreateCAAsync(string id, string commonName, string profileId, JsonObject metadata, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Post,
        new Uri(caUrl, "/v1/cas"),
        new JsonObject
        {
            ["id"] = id,
            ["subject"] = new JsonObject { ["common_name"] = commonName },
            ["key_metadata"] = new JsonObject { ["type"] = "ECDSA", ["bits"] = 256 },
            ["ca_expiration"] = new JsonObject { ["type"] = "Duration", ["duration"] = "10y" },
            ["profile_id"] = profileId,
            ["metadata"] = metadata,
        },
        cancellationToken);

    public Task<JsonObject> CreateDmsAsync(string id, string enrollmentCA, string profileId, JsonObject metadata, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Post, new Uri(dmsManagerUrl, "/v1/dms"), Dms(id, enrollmentCA, profileId, metadata), cancellationToken);

    public Task EnrollAsync(string dmsId, string deviceId, CancellationToken cancellationToken) => EstAsync(dmsId, "simpleenroll", deviceId, cancellationToken);

    public Task ReenrollAsync(string dmsId, string deviceId, CancellationToken cancellationToken) => EstAsync(dmsId, "simplereenroll", deviceId, cancellationToken);

    public void Dispose() => client.Dispose();

    // RFC 7030: the body is the base64 of the DER of a PKCS#10 request.
    private async Task EstAsync(string dmsId, string operation, string deviceId, CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var csr = new CertificateRequest($"CN={deviceId}", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        using var content = new StringContent(Convert.ToBase64String(csr), Encoding.ASCII, "application/pkcs10");
        using var response = await client.PostAsync(new Uri(dmsManagerUrl, $"/.well-known/est/{dmsId}/{operation}"), content, cancellationToken);
        await ThrowIfRefusedAsync(response, cancellationToken);
    }

    private async Task<JsonObject> SendAsync(HttpMethod method, Uri url, JsonObject body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, url) { Content = JsonContent.Create(body) };
        using var response = await client.SendAsync(request, cancellationToken);
        await ThrowIfRefusedAsync(response, cancellationToken);
        return (await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!;
    }

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"Lamassu's stand-in refused {response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} with {(int)response.StatusCode}: "
                    + await response.Content.ReadAsStringAsync(cancellationToken));
        }
    }

    private static JsonObject Profile() => new()
    {
        ["name"] = "devices",
        ["description"] = "",
        ["validity"] = new JsonObject { ["type"] = "Duration", ["duration"] = "1y" },
        ["honor_subject"] = true,
        ["key_usage"] = new JsonArray("DigitalSignature"),
        ["extended_key_usages"] = new JsonArray("ClientAuth"),
    };

    private static JsonObject Dms(string id, string enrollmentCA, string profileId, JsonObject metadata) => new()
    {
        ["id"] = id,
        ["name"] = id,
        ["metadata"] = metadata,
        ["settings"] = new JsonObject
        {
            ["enrollment_settings"] = new JsonObject
            {
                ["protocol"] = "EST_RFC7030",
                ["est_rfc7030_settings"] = new JsonObject { ["auth_mode"] = "NO_AUTH" },
                ["enrollment_ca"] = enrollmentCA,
                ["registration_mode"] = "JITP",
                ["device_provisioning_profile"] = new JsonObject { ["icon"] = "CgSmartphone", ["icon_color"] = "#4512ff-#bf9aff", ["tags"] = new JsonArray() },
            },
            ["reenrollment_settings"] = new JsonObject
            {
                ["est_rfc7030_settings"] = new JsonObject { ["auth_mode"] = "NO_AUTH" },
                ["revoke_on_reenrollment"] = true,
                ["reenrollment_delta"] = "1y",
                ["preventive_delta"] = "4w",
                ["critical_delta"] = "1w",
            },
            ["ca_distribution_settings"] = new JsonObject { ["include_enrollment_ca"] = true, ["managed_cas"] = new JsonArray() },
            ["issuance_profile_id"] = profileId,
        },
    };
}
