using System.Text;
using Amazon.IoT;
using Amazon.IoT.Model;
using Amazon.IotData;
using Amazon.IotData.Model;
using Amazon.Runtime;

namespace LamassuAwsConnector.Tests.AwsIot;

/// <summary>Signatures are computed anew from what the server received; the signed headers are those that the request names.</summary>
public sealed class SignatureTests
{
    // 70 characters: all that a path or a query could trip over.
    private const string Awkward = "a b/c:d%25e+f=g,h@i$j&k~l*m(n)!o'p;q?r#s[t]u\"v<w>x\\y|z^_`-.{}é漢字😀   //";

    [Theory]
    [InlineData("device-0001")]
    [InlineData("urn:dev:0001")]
    [InlineData(Awkward)]
    public async Task Labels_and_queries_of_any_characters_are_signed_as_they_are_sent(string name)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server);

        await clients.IoT.DescribeThingAsync(new DescribeThingRequest { ThingName = name }, cancellationToken);
        await clients.IoT.ListThingPrincipalsAsync(new ListThingPrincipalsRequest { ThingName = name, NextToken = name, MaxResults = 3 }, cancellationToken);
        await clients.IoT.ListAttachedPoliciesAsync(new ListAttachedPoliciesRequest { Target = name, Marker = name, Recursive = true }, cancellationToken);
        await clients.IoT.AttachThingPrincipalAsync(
            new AttachThingPrincipalRequest { ThingName = name, Principal = "us-east-1:cert/ab", ThingPrincipalType = ThingPrincipalType.EXCLUSIVE_THING },
            cancellationToken);
        await clients.IoT.CreateThingGroupAsync(new CreateThingGroupRequest { ThingGroupName = name, ParentGroupName = name }, cancellationToken);
        await clients.IotData.UpdateThingShadowAsync(
            new UpdateThingShadowRequest { ThingName = name, ShadowName = name, Payload = new MemoryStream(Encoding.UTF8.GetBytes(name)) }, cancellationToken);
        await clients.IotData.DeleteConnectionAsync(new DeleteConnectionRequest { ClientId = name, CleanSession = true }, cancellationToken);

        Assert.Equal(7, server.Requests.Count);
        Assert.All(server.Requests, request =>
        {
            Assert.Contains(Uri.EscapeDataString(name), request.Path, StringComparison.Ordinal);
            var signature = SignatureV4.Parse(request);
            Assert.Equal(signature.Compute(request, AwsClients.SecretAccessKey), signature.Signature);
        });
        Assert.Equal(["iot", "iot", "iot", "iot", "iot", "iotdata", "iotdata"], server.Requests.Select(request => SignatureV4.Parse(request).Service));
        Assert.Contains("x-amzn-principal", SignatureV4.Parse(server.Requests[3]).SignedHeaders);
    }

    [Fact]
    public async Task A_session_token_is_sent_and_signed()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var iot = new AmazonIoTClient(
            "ASIAEXAMPLE", "secret", "token==", new AmazonIoTConfig { ServiceURL = server.Url, AuthenticationRegion = "eu-west-1" });

        await iot.GetRegistrationCodeAsync(new GetRegistrationCodeRequest(), cancellationToken);

        var request = Assert.Single(server.Requests);
        var signature = SignatureV4.Parse(request);
        Assert.Equal("token==", request.Headers["x-amz-security-token"]);
        Assert.Contains("x-amz-security-token", signature.SignedHeaders);
        Assert.Equal(("ASIAEXAMPLE", "eu-west-1"), (signature.AccessKeyId, signature.Region));
        Assert.Equal(signature.Compute(request, "secret"), signature.Signature);
    }

    [Fact]
    public async Task Another_secret_gives_another_signature()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var data = new AmazonIotDataClient(
            new BasicAWSCredentials(AwsClients.AccessKeyId, "wrong"),
            new AmazonIotDataConfig { ServiceURL = server.Url, AuthenticationRegion = AwsClients.Region });

        await data.GetThingShadowAsync(new GetThingShadowRequest { ThingName = "device-0001" }, cancellationToken);

        var request = Assert.Single(server.Requests);
        var signature = SignatureV4.Parse(request);
        Assert.NotEqual(signature.Compute(request, AwsClients.SecretAccessKey), signature.Signature);
    }
}
