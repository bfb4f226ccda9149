namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>How a device certificate gets into the account: alone, with its CA, by a template.</summary>
internal static class CertificateRegistration
{
    public static IReadOnlyList<Operation> Operations { get; } =
    [
        Operation.Control("RegisterCertificate", "POST /certificate/register", Register, "setAsActive", "certificatePem caCertificatePem status"),
        Operation.Control("RegisterCertificateWithoutCA", "POST /certificate/register-no-ca", RegisterWithoutCA, members: "certificatePem status"),
    ];

    /// <summary>The registered CA that signed the certificate: the one given, or the one of the certificate's issuer name.</summary>
    /// <exception cref="AwsException">There is none, more than one, it is INACTIVE, or it did not sign.</exception>
    public static CACertificate IssuerOf(RegionState state, CertificateData certificate, string? caPem, DateTimeOffset time)
    {
        var candidates =
            caPem is null ? [.. state.CACertificates.Values.Where(ca => ca.Data.Subject == certificate.Issuer)]
            : state.CACertificates.TryGetValue(CertificateData.Parse(caPem, "caCertificatePem").Id, out var named) ? new List<CACertificate> { named }
            : [];
        var issuer = candidates switch
        {
            [] => throw Assumptions.CANotRegistered(),
            [var only] => only,
            _ => throw AwsException.CertificateConflict("Several CA certificates have the issuer's name; the CA certificate must be given"),
        };
        if (!certificate.IsSignedBy(issuer.Data.PublicKey))
        {
            throw AwsException.CertificateValidation("The certificate is not signed by the CA certificate");
        }

        if (!issuer.Active)
        {
            throw Assumptions.CAInactive(issuer.Id);
        }

        return certificate.IsValidAt(time) ? issuer : throw AwsException.CertificateValidation("The certificate is expired or not yet valid");
    }

    public static DeviceCertificate Add(RegionState state, CertificateData data, CACertificate? issuer, string status, DateTimeOffset now)
    {
        // A certificate takes the mode of its CA; one without is SNI_ONLY, says the service model.
        var certificate = new DeviceCertificate(data, issuer?.Id, issuer?.Mode ?? CACertificate.SniOnlyMode, status, state.NextSequence(), now);
        state.Certificates.Add(certificate.Id, certificate);
        return certificate;
    }

    private static AwsAnswer Register(AwsCall call)
    {
        var data = CertificateData.Parse(call.Body.RequiredText("certificatePem"), "certificatePem");
        var setAsActive = call.Flag("setAsActive");
        var status = ReadStatus(call);
        if (setAsActive && status is not (null or CertificateStatuses.Active))
        {
            throw AwsException.InvalidRequest("setAsActive contradicts status");
        }

        RequireNew(call.State, data);
        var issuer = IssuerOf(call.State, data, call.Body.Text("caCertificatePem"), call.CertificateTime);
        return Answer(call.State, Add(call.State, data, issuer, status ?? (setAsActive ? CertificateStatuses.Active : CertificateStatuses.Inactive), call.Now));
    }

    private static AwsAnswer RegisterWithoutCA(AwsCall call)
    {
        var data = CertificateData.Parse(call.Body.RequiredText("certificatePem"), "certificatePem");
        var status = ReadStatus(call) ?? CertificateStatuses.Inactive;
        RequireNew(call.State, data);
        return data.IsValidAt(call.CertificateTime)
            ? Answer(call.State, Add(call.State, data, null, status, call.Now))
            : throw AwsException.CertificateValidation("The certificate is expired or not yet valid");
    }

    private static string? ReadStatus(AwsCall call)
    {
        var status = call.Body.Text("status");
        return status is null or CertificateStatuses.Active or CertificateStatuses.Inactive or CertificateStatuses.Revoked
            ? status
            : throw Assumptions.StatusNotSettable(status);
    }

    private static void RequireNew(RegionState state, CertificateData data)
    {
        if (state.Certificates.TryGetValue(data.Id, out var known))
        {
            throw AwsException.AlreadyExists("The certificate is already provisioned or registered", known.Id, known.Arn(state));
        }
    }

    private static AwsAnswer Answer(RegionState state, DeviceCertificate certificate) =>
        AwsAnswer.Of(new() { ["certificateArn"] = certificate.Arn(state), ["certificateId"] = certificate.Id });
}
