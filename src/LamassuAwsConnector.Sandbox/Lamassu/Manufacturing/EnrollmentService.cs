using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Authorities;
using LamassuAwsConnector.Sandbox.Lamassu.Devices;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Manufacturing;

/// <summary>
/// EST (RFC 7030) for devices. Nobody is authenticated: the device is the one that the request's common name says, and its current certificate is the
/// active version of its slot.
/// </summary>
internal sealed class EnrollmentService(
    LamassuContext context,
    DmsService dmss,
    ProfileService profiles,
    CertificateService certificates,
    CertificateSigner signer,
    DeviceService devices,
    IdentityBinding binding)
{
    private const string PemType = "application/x-pem-file";

    private static readonly string[] BookkeepingPaths = ["/lamassu.io~1ra~1attached-to", "/lamassu.io~1ca~1expiration-deltas"];

    private static readonly (string, int)[] Mapped =
    [
        ("device is not registered", 403), ("device already has an identity", 403), ("device has no identity", 403), ("certificate is revoked", 403),
        ("certificate has expired", 403), ("it is too early to renew", 403), ("invalid CSR signature", 400),
    ];

    public IEnumerable<ServiceRoute> Routes =>
    [
        new("POST", "/.well-known/est/{aps}/simpleenroll", exchange => EnrollAsync(exchange, "dms.enroll", EnrollAsync), Mapped: Mapped),
        new("POST", "/.well-known/est/{aps}/simplereenroll", exchange => EnrollAsync(exchange, "dms.reenroll", ReenrollAsync), Mapped: Mapped),
    ];

    private async Task<Reply> EnrollAsync(
        Exchange exchange, string eventType, Func<Exchange, JsonObject, CertificateRequest, JsonNode, Task<JsonObject>> enroll)
    {
        if (exchange.Request.ContentType?.StartsWith("application/pkcs10", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new WireException("content type must be application/pkcs10");
        }

        var aps = exchange["aps"];
        var dms = dmss.Get(aps);
        var verify = (bool)dms["settings"]!["enrollment_settings"]!["verify_csr_signature"]!;
        var request = Load(CertificateText.ReadBase64(Encoding.ASCII.GetString(exchange.Body)), verify);
        var certificate = await enroll(exchange, dms, request.Csr, request.Text);
        await context.Events.PublishAsync(
            exchange.Operation,
            eventType,
            $"dms/{aps}",
            new JsonObject { ["certificate"] = certificate["certificate"]!.DeepClone(), ["aps"] = aps },
            exchange.Cancelled);
        return ReplyWith(exchange, CertificateText.ReadDer((string)certificate["certificate"]!));
    }

    private async Task<JsonObject> EnrollAsync(Exchange exchange, JsonObject dms, CertificateRequest csr, JsonNode csrText)
    {
        var settings = dms["settings"]!["enrollment_settings"]!;
        var deviceId = CommonNameOf(csr);
        var device = context.State.Find(LamassuKind.Device, deviceId);
        if (device is null)
        {
            if ((string)settings["registration_mode"]! != "JITP")
            {
                throw new LamassuException("device is not registered");
            }

            device = await CreateDeviceAsync(exchange, dms, deviceId);
        }

        var former = device["identity"] is JsonObject slot ? DeviceEvents.ActiveSerialNumber(slot) : null;
        if (former is not null && !(bool)settings["enable_replaceable_enrollment"]!)
        {
            throw new LamassuException("device already has an identity");
        }

        var certificate = await SignAsync(exchange, dms, csrText);
        await BindAsync(exchange, deviceId, certificate, former is null ? "PROVISIONED" : "RE-PROVISIONED");
        if (former is not null)
        {
            await RevokeAsync(exchange, former);
        }

        return certificate;
    }

    private async Task<JsonObject> ReenrollAsync(Exchange exchange, JsonObject dms, CertificateRequest csr, JsonNode csrText)
    {
        var settings = dms["settings"]!["reenrollment_settings"]!;
        var deviceId = CommonNameOf(csr);
        var former = context.State.Find(LamassuKind.Device, deviceId)?["identity"] is JsonObject slot ? DeviceEvents.ActiveSerialNumber(slot) : null;
        CheckRenewal(former, settings.AsObject());
        var certificate = await SignAsync(exchange, dms, csrText);
        var detach = new JsonArray([.. BookkeepingPaths.Select(path => new JsonObject { ["op"] = "remove", ["path"] = path })]);
        await certificates.UpdateMetadataAsync(exchange.Operation.CallBy(ServiceIdentity.DmsManager), former!, detach, exchange.Cancelled);
        if ((bool)settings["revoke_on_reenrollment"]!)
        {
            await RevokeAsync(exchange, former!);
        }

        await BindAsync(exchange, deviceId, certificate, "RENEWED");
        return certificate;
    }

    private void CheckRenewal(string? serialNumber, JsonObject settings)
    {
        var certificate = serialNumber is null ? throw new LamassuException("device has no identity") : certificates.Get(serialNumber);
        if ((string)certificate["status"]! == "REVOKED")
        {
            throw new LamassuException("certificate is revoked");
        }

        var end = GoTime.Parse((string)certificate["valid_to"]!);
        if (end <= context.Clock.UtcNow && !(bool)settings["enable_expired_renewal"]!)
        {
            throw new LamassuException("certificate has expired");
        }

        if (end - context.Clock.UtcNow > LamassuDuration.Parse((string)settings["reenrollment_delta"]!))
        {
            throw new LamassuException("it is too early to renew");
        }
    }

    private Task<JsonObject> CreateDeviceAsync(Exchange exchange, JsonObject dms, string deviceId)
    {
        var profile = dms["settings"]!["enrollment_settings"]!["device_provisioning_profile"]!;
        var request = new JsonObject
        {
            ["id"] = deviceId,
            ["tags"] = profile["tags"]?.DeepClone(),
            ["metadata"] = profile["metadata"]?.DeepClone(),
            ["dms_id"] = (string)dms["id"]!,
            ["icon"] = (string)profile["icon"]!,
            ["icon_color"] = (string)profile["icon_color"]!,
        };
        return devices.CreateAsync(exchange.Operation.CallBy(ServiceIdentity.DmsManager), request, exchange.Cancelled);
    }

    private Task<JsonObject> SignAsync(Exchange exchange, JsonObject dms, JsonNode csrText)
    {
        var settings = dms["settings"]!;
        var profileId = (string)settings["issuance_profile_id"]!;

        // The DMS Manager reads the profile itself and hands it on.
        return signer.SignAsync(
            exchange.Operation.CallBy(ServiceIdentity.DmsManager),
            (string)settings["enrollment_settings"]!["enrollment_ca"]!,
            csrText,
            profileId.Length > 0 ? profiles.Get(profileId) : settings["issuance_profile"] as JsonObject,
            profileId: "",
            exchange.Cancelled);
    }

    private Task<JsonObject> BindAsync(Exchange exchange, string deviceId, JsonObject certificate, string mode) =>
        binding.BindAsync(exchange.Operation, deviceId, (string)certificate["serial_number"]!, mode, exchange.Cancelled);

    private async Task RevokeAsync(Exchange exchange, string serialNumber)
    {
        if ((string)certificates.Get(serialNumber)["status"]! == "ACTIVE")
        {
            await certificates.UpdateStatusAsync(
                exchange.Operation.CallBy(ServiceIdentity.DmsManager), serialNumber, "REVOKED", "Superseded", exchange.Cancelled);
        }
    }

    private static (CertificateRequest Csr, JsonNode Text) Load(byte[] der, bool verify)
    {
        CertificateRequest csr;
        try
        {
            csr = CertificateText.LoadRequest(der);
        }
        catch (CryptographicException)
        {
            throw new WireException("asn1: structure error");
        }

        if (verify)
        {
            try
            {
                CertificateRequest.LoadSigningRequest(der, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.Default, RSASignaturePadding.Pkcs1);
            }
            catch (CryptographicException)
            {
                throw new LamassuException("invalid CSR signature");
            }
        }

        return (csr, CertificateText.WriteRequest(der));
    }

    private static string CommonNameOf(CertificateRequest csr) => (string)CertificateModel.SubjectOf(csr.SubjectName)["common_name"]!;

    private static Reply ReplyWith(Exchange exchange, byte[] der)
    {
        if (exchange.Request.Headers.Accept.Contains(PemType))
        {
            return new Reply(200, PemType, Encoding.ASCII.GetBytes(CertificateText.WritePem("CERTIFICATE", der)));
        }

        using var certificate = X509CertificateLoader.LoadCertificate(der);
        var bag = new X509Certificate2Collection(certificate).Export(X509ContentType.Pkcs7)!;
        return new Reply(200, "application/pkcs7-mime; smime-type=certs-only", Encoding.ASCII.GetBytes(Convert.ToBase64String(bag)));
    }
}
