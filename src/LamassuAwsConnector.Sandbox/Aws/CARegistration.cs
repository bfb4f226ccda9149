namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>RegisterCACertificate.</summary>
internal static class CARegistration
{
    // "You can register up to 10 CA certificates with the same subject field per account and Region", says the service model.
    private const int CAsOfOneSubject = 10;

    public static AwsAnswer Register(AwsCall call)
    {
        var pem = call.Body.RequiredText("caCertificate");
        var verification = call.Body.Text("verificationCertificate");
        var mode = Names.OneOf(
            call.Body.Text("certificateMode") ?? CACertificate.DefaultMode,
            "certificateMode",
            CACertificate.DefaultMode,
            CACertificate.SniOnlyMode
        );
        var active = call.Flag("setAsActive");
        var autoRegistration = call.Flag("allowAutoRegistration");
        var tags = Tags.Read(call.Body);
        var data = CertificateData.Parse(pem, "caCertificate");
        RequireCA(data, call.CertificateTime);
        RequireProof(call, data, mode, verification);
        RequireRoom(call, data, mode);
        var config = CACertificates.ReadRegistrationConfig(call);

        var ca = new CACertificate(data, mode, call.State.NextSequence(), call.Now)
        {
            Active = active,
            AutoRegistration = autoRegistration,
            RegistrationConfig = config,
        };
        call.State.CACertificates.Add(ca.Id, ca);
        Tags.Put(call.State, ca.Arn(call.State), tags);
        return AwsAnswer.Of(new() { ["certificateArn"] = ca.Arn(call.State), ["certificateId"] = ca.Id });
    }

    private static void RequireCA(CertificateData data, DateTimeOffset time)
    {
        if (!data.CanSignCertificates)
        {
            throw AwsException.CertificateValidation("The CA certificate is not a CA: its basic constraints or key usage do not allow signing of certificates");
        }

        if (!data.IsValidAt(time))
        {
            throw AwsException.CertificateValidation("The CA certificate is expired or not yet valid");
        }
    }

    private static void RequireProof(AwsCall call, CertificateData ca, string mode, string? verificationPem)
    {
        if (mode == CACertificate.SniOnlyMode)
        {
            if (!string.IsNullOrEmpty(verificationPem))
            {
                throw Assumptions.VerificationCertificateInSniOnlyMode();
            }

            return;
        }

        if (string.IsNullOrEmpty(verificationPem))
        {
            throw Assumptions.VerificationCertificateMissing();
        }

        var verification = CertificateData.Parse(verificationPem, "verificationCertificate");
        if (!verification.IsSignedBy(call.StandIn.VerificationKeys.GetValueOrDefault(ca.Id) ?? ca.PublicKey) || verification.Issuer != ca.Subject)
        {
            throw AwsException.CertificateValidation("The verification certificate is not signed by the CA certificate");
        }

        if (!verification.IsValidAt(call.CertificateTime))
        {
            throw AwsException.CertificateValidation("The verification certificate is expired or not yet valid");
        }

        if (verification.CommonName != StandInState.RegistrationCode(call.State))
        {
            throw AwsException.RegistrationCodeValidation(
                "The common name of the verification certificate is not the registration code of this account and Region"
            );
        }
    }

    private static void RequireRoom(AwsCall call, CertificateData ca, string mode)
    {
        if (call.State.CACertificates.TryGetValue(ca.Id, out var known))
        {
            throw Assumptions.CAAlreadyRegisteredHere(known, call.State);
        }

        if (mode == CACertificate.DefaultMode && call.StandIn.CAsOfOtherAccounts.ContainsKey(ca.Id))
        {
            throw Assumptions.CAOfAnotherAccount();
        }

        if (call.State.CACertificates.Values.Count(other => other.Data.Subject == ca.Subject) >= CAsOfOneSubject)
        {
            throw Assumptions.TooManyCAsOfOneSubject(CAsOfOneSubject);
        }
    }
}
