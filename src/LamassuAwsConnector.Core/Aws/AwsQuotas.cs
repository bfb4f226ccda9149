using System.Globalization;
using Amazon.IoT.Model;
using Amazon.Runtime;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>
/// AWS's default quotas in calls per second, account and region (https://docs.aws.amazon.com/general/latest/gr/iot-core.html, Service Quotas code
/// <c>iotcore</c>; small regions have less). Operations that are not named have 10 or are not published.
/// </summary>
internal static class AwsQuotas
{
    public const double UnlessNamed = 10;

    /// <summary>Certificates registered in whatever way, by RegisterThing too.</summary>
    private const string DeviceCertificates = "DeviceCertificates";

    private static readonly Dictionary<string, double> Named = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AddThingToThingGroup"] = 100,
        ["AttachPolicy"] = 15,
        ["AttachThingPrincipal"] = 100,
        ["CreateThing"] = 100,
        ["CreateThingGroup"] = 25,
        ["DescribeThing"] = 350,
        ["DescribeThingGroup"] = 100,
        ["DetachThingPrincipal"] = 100,
        ["ListAttachedPolicies"] = 15,
        ["ListThingGroupsForThing"] = 100,
        [DeviceCertificates] = 15,
    };

    // The shadow quotas are per thing and per client, and far above what one device is asked.
    private static readonly HashSet<string> Unlimited = ["GetThingShadow", "UpdateThingShadow"];

    public static double Of(string quota) => Named.GetValueOrDefault(quota, UnlessNamed);

    /// <param name="text"><c>RegisterThing=50</c>.</param>
    /// <returns>null: it can't be read.</returns>
    public static (string Quota, double CallsPerSecond)? Read(string? text) =>
        text?.Split('=') is [{ Length: > 0 } quota, { } number]
        && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is > 0 and <= 100_000
            ? (quota.Trim(), rate)
            : null;

    /// <summary>
    /// The quotas that one call uses up. RegisterThing makes other calls in our name; its groups are left out, as AWS allows ten for a thing and a hundred
    /// memberships a second for its ten registrations.
    /// </summary>
    public static IEnumerable<(string Quota, int Tokens)> UsedBy(string operation, AmazonWebServiceRequest request)
    {
        if (Unlimited.Contains(operation))
        {
            yield break;
        }

        yield return (operation, 1);
        switch (request)
        {
            case RegisterThingRequest registration:
                yield return ("CreateThing", 1);
                yield return ("RegisterCertificate", 1);
                yield return (DeviceCertificates, 1);
                yield return ("AttachThingPrincipal", 1);
                if (PoliciesOf(registration.TemplateBody ?? "") is > 0 and var policies)
                {
                    yield return ("AttachPolicy", policies);
                }

                break;
            case RegisterCertificateRequest:
                yield return (DeviceCertificates, 1);
                break;
        }
    }

    private static int PoliciesOf(string templateBody) => templateBody.Split("\"AWS::IoT::Policy\"").Length - 1;
}
