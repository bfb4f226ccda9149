namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>
/// Lets an unknown device in: its certificate is registered as PENDING_ACTIVATION, the template of its CA run with parameters taken from
/// the certificate's subject
/// (https://docs.aws.amazon.com/iot/latest/developerguide/jit-provisioning.html).
/// </summary>
internal static class JustInTimeProvisioning
{
    private const string Prefix = "AWS::IoT::Certificate::";

    private const string IdParameter = Prefix + "Id";

    private static readonly Dictionary<string, string> SubjectAttributes = new(StringComparer.Ordinal)
    {
        [Prefix + "Country"] = "2.5.4.6",
        [Prefix + "Organization"] = "2.5.4.10",
        [Prefix + "OrganizationalUnit"] = "2.5.4.11",
        [Prefix + "DistinguishedNameQualifier"] = "2.5.4.46",
        [Prefix + "StateName"] = "2.5.4.8",
        [Prefix + "CommonName"] = "2.5.4.3",
        [Prefix + "SerialNumber"] = "2.5.4.5",
    };

    public static bool IsParameter(string name) => name == IdParameter || SubjectAttributes.ContainsKey(name);

    /// <summary>The CA that lets the certificate in: registered, ACTIVE, with auto registration, and its signer.</summary>
    public static CACertificate? Admitting(RegionState state, CertificateData certificate) =>
        state.CACertificates.Values.FirstOrDefault(ca =>
            ca is { Active: true, AutoRegistration: true } && ca.Data.Subject == certificate.Issuer && certificate.IsSignedBy(ca.Data.PublicKey)
        );

    /// <summary>Null when the certificate became usable, else why not. A device sees nothing of the reason, it is just not connected.</summary>
    public static string? Provision(ProvisioningContext context, CACertificate ca, DeviceCertificate certificate)
    {
        if (BodyFor(context.State, ca) is not { } body)
        {
            return "the CA has no enabled provisioning template; the certificate waits as PENDING_ACTIVATION";
        }

        try
        {
            var template = TemplateBody.ParseJitp(body);
            var parameters = ParametersOf(certificate.Data);
            if (template.Parameters.Keys.FirstOrDefault(name => !parameters.ContainsKey(name)) is { } missing)
            {
                return $"the template declares {missing}, which the certificate's subject does not have";
            }

            ThingProvisioning.Run(context, ProvisioningPlan.Make(template, parameters));
            return null;
        }
        catch (AwsException exception)
        {
            return exception.Message;
        }
    }

    private static string? BodyFor(RegionState state, CACertificate ca) =>
        ca.RegistrationConfig switch
        {
            { TemplateName: { } name } => state.Templates.TryGetValue(name, out var template) && template.Enabled ? template.Default.Body : null,
            { TemplateBody: { } body } => body,
            _ => null,
        };

    private static Dictionary<string, string> ParametersOf(CertificateData certificate)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal) { [IdParameter] = certificate.Id };
        foreach (var (name, oid) in SubjectAttributes)
        {
            if (certificate.SubjectAttributes.TryGetValue(oid, out var value))
            {
                parameters[name] = value;
            }
        }

        return parameters;
    }
}
