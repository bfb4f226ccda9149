using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

internal static class RegisterThing
{
    public static IReadOnlyList<Operation> Operations { get; } =
    [Operation.Control("RegisterThing", "POST /things", Register, members: "templateBody parameters")];

    /// <exception cref="AwsException">InvalidRequestException.</exception>
    public static ProvisioningPlan Plan(AwsCall call)
    {
        var body = Names.TemplateBody(call.Body.RequiredText("templateBody"));
        var parameters = call.Body.TextMap("parameters");
        foreach (var value in parameters.Values)
        {
            Names.TemplateParameter(value);
        }

        return ProvisioningPlan.Make(TemplateBody.Parse(body), parameters);
    }

    private static AwsAnswer Register(AwsCall call)
    {
        var context = new ProvisioningContext(call.State, call.Now, call.CertificateTime, call.Spend);
        var provisioned = ThingProvisioning.Run(context, Plan(call));
        var answer = new JsonObject { ["resourceArns"] = Json.Map(provisioned.ResourceArns) };
        return AwsAnswer.Of(answer.With("certificatePem", provisioned.Certificate?.Data.Pem));
    }
}
