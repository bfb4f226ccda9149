using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Authorities;
using LamassuAwsConnector.Sandbox.Lamassu.Devices;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Manufacturing;

/// <summary>
/// Enrolment over EST (RFC 7030). A device is told by the common name of its request alone: authentication of devices is not what this stand-in is for.
/// </summary>
internal sealed class Est(Rows rows, EventPublisher events, CAService cas, CertificateService certificates, DeviceManager devices, IdentityBinding binding)
{
    private const string Superseded = "Superseded";

    public async Task<Reply> EnrollAsync(Exchange exchange)
    {
        var (dms, request, deviceId) = Read(exchange);
        var operation = exchange.Operation;
        var call = operation.CallBy(ServiceIdentity.DmsManager);
        if (rows.Find(LamassuKind.Device, deviceId) is not { } device)
        {
            device = await CreateDeviceAsync(call, dms, deviceId, exchange.Cancelled);
        }

        var earlier = DeviceManager.ActiveSerialNumber(device);
        if (earlier is not null && !(bool)dms["settings"]!["enrollment_settings"]!["enable_replaceable_enrollment"]!)
        {
            throw new LamassuException("forbiddenNewEnrollment");
        }

        var certificate = await SignAsync(operation, dms, request, exchange.Cancelled);
        await binding.BindAsync(operation, earlier is null ? "PROVISIONED" : "RE-PROVISIONED", deviceId, (string)certificate["serial_number"]!, exchange.Cancelled);
        if (earlier is not null)
        {
            // Replaced: the former certificate keeps its marks and is revoked after the bind.
            await RevokeAsync(operation, earlier, exchange.Cancelled);
        }

        return await AnswerAsync(exchange, "dms.enroll", certificate);
    }

    public async Task<Reply> ReenrollAsync(Exchange exchange)
    {
        var (dms, request, deviceId) = Read(exchange);
        var operation = exchange.Operation;
        var earlier = DeviceManager.ActiveSerialNumber(rows.Get(LamassuKind.Device, deviceId)) ?? throw new LamassuException("device has no identity");
        var certificate = await SignAsync(operation, dms, request, exchange.Cancelled);
        await DetachAsync(operation, earlier, exchange.Cancelled);
        if ((bool)dms["settings"]!["reenrollment_settings"]!["revoke_on_reenrollment"]!)
        {
            await RevokeAsync(operation, earlier, exchange.Cancelled);
        }

        await binding.BindAsync(operation, "RENEWED", deviceId, (string)certificate["serial_number"]!, exchange.Cancelled);
        return await AnswerAsync(exchange, "dms.reenroll", certificate);
    }

    private (JsonObject Dms, string Request, string DeviceId) Read(Exchange exchange)
    {
        var dms = rows.Get(LamassuKind.Dms, exchange["aps"]);
        try
        {
            var der = CertificateText.ReadBase64(Encoding.ASCII.GetString(exchange.Body).Trim());
            var deviceId = (string)CertificateModel.SubjectOf(CertificateText.LoadRequest(der).SubjectName)["common_name"]!;
            var pem = CertificateText.WritePem("CERTIFICATE REQUEST", der);
            return (dms, Convert.ToBase64String(Encoding.UTF8.GetBytes(pem)), deviceId);
        }
        catch (CryptographicException)
        {
            throw new WireException("asn1: structure error: malformed PKCS#10 request");
        }
    }

    private Task<JsonObject> CreateDeviceAsync(Operation call, JsonObject dms, string deviceId, CancellationToken cancellationToken)
    {
        var enrollment = dms["settings"]!["enrollment_settings"]!;
        if ((string)enrollment["registration_mode"]! != "JITP")
        {
            throw new LamassuException("device not found");
        }

        var profile = enrollment["device_provisioning_profile"]!;
        return devices.CreateAsync(
            call,
            new JsonObject
            {
                ["id"] = deviceId,
                ["tags"] = profile["tags"]?.DeepClone(),
                ["metadata"] = profile["metadata"]?.DeepClone(),
                ["dms_id"] = dms["id"]!.DeepClone(),
                ["icon"] = profile["icon"]!.DeepClone(),
                ["icon_color"] = profile["icon_color"]!.DeepClone(),
            },
            cancellationToken);
    }

    private Task<JsonObject> SignAsync(Operation operation, JsonObject dms, string request, CancellationToken cancellationToken)
    {
        var settings = dms["settings"]!;
        var profileId = (string)settings["issuance_profile_id"]!;
        return cas.SignAsync(
            operation.CallBy(ServiceIdentity.DmsManager),
            (string)settings["enrollment_settings"]!["enrollment_ca"]!,
            new JsonObject
            {
                ["csr"] = request,
                ["profile"] = profileId.Length == 0 ? settings["issuance_profile"]?.DeepClone() : null,
                ["profile_id"] = profileId,
            },
            cancellationToken);
    }

    private Task<JsonObject> DetachAsync(Operation operation, string serialNumber, CancellationToken cancellationToken) => certificates.UpdateMetadataAsync(
        operation.CallBy(ServiceIdentity.DmsManager),
        serialNumber,
        new JsonObject
        {
            ["patches"] = new JsonArray(
                new JsonObject { ["op"] = "remove", ["path"] = IdentityBinding.Pointer(IdentityBinding.AttachedTo) },
                new JsonObject { ["op"] = "remove", ["path"] = IdentityBinding.Pointer(IdentityBinding.Deltas) }),
        },
        cancellationToken);

    private async Task RevokeAsync(Operation operation, string serialNumber, CancellationToken cancellationToken)
    {
        if ((string)rows.Get(LamassuKind.Certificate, serialNumber)["status"]! == "ACTIVE")
        {
            await certificates.UpdateStatusAsync(operation.CallBy(ServiceIdentity.DmsManager), serialNumber, "REVOKED", Superseded, cancellationToken);
        }
    }

    private async Task<Reply> AnswerAsync(Exchange exchange, string type, JsonObject certificate)
    {
        var data = new JsonObject { ["certificate"] = certificate["certificate"]!.DeepClone(), ["aps"] = exchange["aps"] };
        await events.PublishAsync(exchange.Operation, type, $"dms/{exchange["aps"]}", data, exchange.Cancelled);
        using var issued = CertificateText.LoadCertificate(certificate["certificate"]!);
        return exchange.Request.Headers.Accept.Contains("application/x-pem-file")
            ? new Reply(200, "application/x-pem-file", Encoding.ASCII.GetBytes(issued.ExportCertificatePem() + "\n"))
            : new Reply(200, "application/pkcs7-mime; smime-type=certs-only", Encoding.ASCII.GetBytes(
                Convert.ToBase64String(new X509Certificate2Collection(issued).Export(X509ContentType.Pkcs7)!)));
    }
}
