using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

internal static class Certificates
{
    public static IReadOnlyList<Operation> Operations { get; } =
    [
        Operation.Control("DescribeCertificate", "GET /certificates/{certificateId}", Describe),
        Operation.Control("UpdateCertificate", "PUT /certificates/{certificateId}", Update, "newStatus"),
        Operation.Control("DeleteCertificate", "DELETE /certificates/{certificateId}", Delete, "forceDelete"),
        Operation.Control("ListCertificates", "GET /certificates", List, "pageSize marker isAscendingOrder"),
        Operation.Control("ListCertificatesByCA", "GET /certificates-by-ca/{caCertificateId}", ListByCA, "pageSize marker isAscendingOrder"),
    ];

    /// <summary>Moves a certificate between statuses; REVOKED is final.</summary>
    public static void ChangeStatus(DeviceCertificate certificate, string status, DateTimeOffset now)
    {
        if (status is not (CertificateStatuses.Active or CertificateStatuses.Inactive or CertificateStatuses.Revoked))
        {
            throw Assumptions.StatusNotSettable(status);
        }

        if (certificate.Status == CertificateStatuses.Revoked && status != CertificateStatuses.Revoked)
        {
            throw Assumptions.RevokedIsFinal(certificate.Id);
        }

        certificate.SetStatus(status, now);
    }

    private static AwsAnswer Describe(AwsCall call)
    {
        var certificate = Find(call);
        var description = new JsonObject
        {
            ["certificateArn"] = certificate.Arn(call.State),
            ["certificateId"] = certificate.Id,
            ["status"] = certificate.Status,
            ["certificatePem"] = certificate.Data.Pem,
            ["ownedBy"] = call.State.Account,
            ["creationDate"] = Json.Seconds(certificate.Created),
            ["lastModifiedDate"] = Json.Seconds(certificate.Modified),
            ["customerVersion"] = certificate.CustomerVersion,
            ["transferData"] = new JsonObject(),
            ["generationId"] = certificate.GenerationId,
            ["validity"] = new JsonObject { ["notBefore"] = Json.Seconds(certificate.Data.NotBefore), ["notAfter"] = Json.Seconds(certificate.Data.NotAfter) },
            ["certificateMode"] = certificate.Mode,
        };
        return AwsAnswer.Of(new() { ["certificateDescription"] = description.With("caCertificateId", certificate.CAId) });
    }

    private static AwsAnswer Update(AwsCall call)
    {
        var certificate = Find(call);
        var status = call.Parameter("newStatus") ?? throw AwsException.InvalidRequest("newStatus is missing");
        ChangeStatus(certificate, status, call.Now);
        return AwsAnswer.None;
    }

    private static AwsAnswer Delete(AwsCall call)
    {
        var certificate = Find(call);
        if (certificate.Status == CertificateStatuses.Active)
        {
            throw AwsException.CertificateState($"Certificate must be deactivated (not ACTIVE) before deletion. Id: {certificate.Id}");
        }

        if (certificate.Things.Count > 0)
        {
            throw AwsException.DeleteConflict($"Things must be detached before deletion. Id: {certificate.Id}");
        }

        if (certificate.Policies.Count > 0 && !call.Flag("forceDelete"))
        {
            throw AwsException.DeleteConflict($"Certificate policies must be detached before deletion. Id: {certificate.Id}");
        }

        PolicyTargets.DetachAll(call.State, certificate.Arn(call.State), certificate.Policies);
        call.State.Certificates.Remove(certificate.Id);
        return AwsAnswer.None;
    }

    private static AwsAnswer List(AwsCall call) => Page(call, call.State.Certificates.Values);

    private static AwsAnswer ListByCA(AwsCall call)
    {
        var caId = Names.CertificateId(call.Label("caCertificateId"), "caCertificateId");
        return Page(call, call.State.Certificates.Values.Where(certificate => certificate.CAId == caId));
    }

    private static AwsAnswer Page(AwsCall call, IEnumerable<DeviceCertificate> certificates) =>
        Pages.ByMarker.Answer(
            call,
            "certificates",
            certificates.OrderBy(certificate => call.Flag("isAscendingOrder") ? certificate.Sequence : -certificate.Sequence),
            certificate => certificate.Id,
            certificate => new JsonObject
            {
                ["certificateArn"] = certificate.Arn(call.State),
                ["certificateId"] = certificate.Id,
                ["status"] = certificate.Status,
                ["certificateMode"] = certificate.Mode,
                ["creationDate"] = Json.Seconds(certificate.Created),
            }
        );

    private static DeviceCertificate Find(AwsCall call)
    {
        var id = Names.CertificateId(call.Label("certificateId"));
        return call.State.Certificates.GetValueOrDefault(id) ?? throw AwsException.NotFound($"Certificate {id} does not exist");
    }
}
